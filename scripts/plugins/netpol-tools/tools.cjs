'use strict'
// Runs helm-netpol as a command of Helm's own, under Helm 3 and 4. Written for any Node, as the loader is.
var fs = require('fs')
var path = require('path')

var env = process.env

// Inside this folder the bundle would take itself for a post-renderer, whose failures go to stdout; here Helm shows stderr.
delete env.HELM_PLUGIN_DIR

// Helm keeps these flags and tells them here. `default` is also what it tells when no namespace was asked for.
if (env.HELM_NAMESPACE && env.HELM_NAMESPACE !== 'default' && !env.HELM_NETPOL_NAMESPACE) env.HELM_NETPOL_NAMESPACE = env.HELM_NAMESPACE
if (env.HELM_KUBECONTEXT && process.argv[2] === 'values') process.argv.push('--context', env.HELM_KUBECONTEXT)

// A packed plugin carries the bundle; in a clone it stands at the top.
var loaders = ['dist', '../../../dist'].map(function (folder) {
  return path.join(__dirname, folder, 'loader.cjs')
})
var loader = loaders.filter(fs.existsSync)[0]

if (loader) {
  require(loader)
} else {
  console.error('helm-netpol: there is no dist/loader.cjs beside the plugin netpol-tools (looked for ' + loaders.join(' and ') + ').\nInstall it again: helm plugin uninstall netpol-tools, then helm plugin install.')
  process.exitCode = 1
}
