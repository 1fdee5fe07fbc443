const { TestEnvironment } = require('jest-environment-node')

/** Gives tests Node's own `require`: Jest's cannot load a package that comes as ES modules alone. */
module.exports = class NodeEnvironment extends TestEnvironment {
  async setup() {
    await super.setup()
    this.global.requireByNode = require
  }
}
