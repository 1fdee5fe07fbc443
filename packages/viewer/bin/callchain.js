#!/usr/bin/env node
const { enableCompileCache } = require('node:module')

// CommonJS, here too, is up in half the time, and sooner still from Node's cache, where it has one.
enableCompileCache?.()
require('../dist/cjs/cli.js')
