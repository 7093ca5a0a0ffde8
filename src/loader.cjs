#!/usr/bin/env node
'use strict'
// Runs the bundle beside it. Written for any Node, so that one too old for the bundle, or a bundle that
// cannot be loaded, is explained as well: under Helm 4 on stdout, as src/failure.ts says why.
var fs = require('fs')
var path = require('path')

var oldest = 20

function isHelm4Plugin() {
  var folder = process.env.HELM_PLUGIN_DIR
  if (!folder) return false
  // As it is written first: Node's permission model may let nobody follow the path.
  if (path.resolve(folder) === path.dirname(__dirname)) return true
  try {
    return fs.realpathSync(folder) === path.dirname(fs.realpathSync(__dirname))
  } catch (_) {
    return false
  }
}

function fail(code, text) {
  if (isHelm4Plugin()) {
    fs.writeSync(1, '|\n  ' + text.replace(/[^\n\x20-\x7e]/g, '?').split('\n').join('\n  ') + '\n')
  } else {
    fs.writeSync(2, text.replace(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g, '?') + '\n')
    process.exitCode = code
  }
}

function explain(problem) {
  var said = (problem && problem.message) || problem
  var denied = problem && problem.code === 'ERR_ACCESS_DENIED'
  fail(
    denied ? 1 : 3,
    'helm-netpol: the bundle cannot be loaded: ' +
      (denied
        ? "Node's permission model does not allow it (ERR_ACCESS_DENIED); --allow-fs-read=" + path.join(__dirname, path.sep) + ' would.'
        : said + '\nInstall it again (as a plugin of Helm: helm plugin uninstall netpol, then helm plugin install).')
  )
}

if (parseInt(process.versions.node, 10) < oldest) {
  fail(1, 'helm-netpol: Node ' + process.versions.node + ' (' + process.execPath + ') is too old; it needs Node ' + oldest + ' or later.')
} else {
  import('./helm-netpol.mjs').catch(explain)
}
