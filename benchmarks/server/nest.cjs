require('reflect-metadata')
const { Controller, Get, Module, Param, Query } = require('@nestjs/common')
const { NestFactory } = require('@nestjs/core')
const { ExpressAdapter } = require('@nestjs/platform-express')
const { findUser } = require('./user.cjs')

class Users {
  find(id, x) {
    return findUser(id, x)
  }
}
// What decorators do, in plain JavaScript.
Reflect.defineMetadata('design:paramtypes', [String, String], Users.prototype, 'find')
Param('id')(Users.prototype, 'find', 0)
Query('x')(Users.prototype, 'find', 1)
Get('users/:id')(Users.prototype, 'find', Object.getOwnPropertyDescriptor(Users.prototype, 'find'))
Controller()(Users)

/** The server of the Nest application on Express, which does not listen yet: with a module that traces, or a middleware. */
exports.create = async ({ module, middleware } = {}) => {
  class Application {}
  Module({ imports: module ? [module] : [], controllers: [Users] })(Application)
  const app = await NestFactory.create(Application, new ExpressAdapter(), { logger: false })
  if (middleware) app.use(middleware)
  await app.init()
  return app.getHttpServer()
}
