#!/usr/bin/env node
'use strict'
// Runs the bundle beside it. Written for any Node, so that one too old for the bundle, or a bundle that
// cannot be loaded, is explained as well: under Helm 4 on stdout, as src/failure.ts says why.
var fs = require('fs')
var path = require('path')

var oldest = 20

function fail(code, text) {
  var helm4 = false
  try {
    helm4 = Boolean(process.env.HELM_PLUGIN_DIR) && fs.realpathSync(process.env.HELM_PLUGIN_DIR) === path.dirname(fs.realpathSync(__dirname))
  } catch (_) {}
  if (helm4) {
    fs.writeSync(1, '|\n  ' + text.replace(/[^\n\x20-\x7e]/g, '?').split('\n').join('\n  ') + '\n')
  } else {
    fs.writeSync(2, text + '\n')
    process.exitCode = code
  }
}

if (parseInt(process.versions.node, 10) < oldest) {
  fail(1, 'helm-netpol: Node ' + process.versions.node + ' (' + process.execPath + ') is too old; it needs Node ' + oldest + ' or later.')
} else {
  import('./helm-netpol.mjs').catch(function (problem) {
    fail(3, 'helm-netpol: the bundle cannot be loaded: ' + ((problem && problem.message) || problem) + '\nInstall it again (as a plugin of Helm: helm plugin uninstall netpol, then helm plugin install).')
  })
}
