package dev.graft.examples;

import dev.graft.Graft;
import dev.graft.server.GraftServer;
import dev.graft.server.ServerOptions;
import io.vertx.core.Vertx;
import java.nio.file.Path;

class ServeModels {
  public static void main(String[] args) {
    var options = ServerOptions.of(Path.of(args[0]));
    var server = new GraftServer(options, Graft.create().registry());
    Vertx.vertx().deployVerticle(server).onFailure(Throwable::printStackTrace);
  }
}
