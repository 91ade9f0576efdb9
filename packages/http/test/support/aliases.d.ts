// Older versions, installed under names of their own: the types of the newer ones fit what is used.

declare module "express4" {
  import express from "express";

  export = express;
}

declare module "koa2" {
  import Koa from "koa";

  export = Koa;
}
