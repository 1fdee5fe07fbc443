// Koa 2 ships no types of its own; those of Koa 3 fit what the contract uses.
declare module 'koa2' {
  import Koa from 'koa'
  export = Koa
}
