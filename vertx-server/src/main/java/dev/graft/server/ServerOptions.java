package dev.graft.server;

import dev.graft.server.access.Access;
import dev.graft.server.jobs.TrainingOptions;
import dev.graft.server.operations.OperationOptions;
import dev.graft.server.registry.DatabaseOptions;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where a server listens and whom it serves.
 *
 * @param models which models it has
 * @param host address to listen on
 * @param port from 0 to 65535; 0 takes a free one
 * @param tokens file of tokens, see {@link Access}; without one everybody is served
 * @param unprotected whether other machines are served although there are no tokens
 * @param maxMessage largest request in bytes
 * @param maxHeld most bytes of requests that are not answered yet, at least those of the largest
 * @param training how it trains; without it there is no {@code graft.v1.TransferService}
 * @param database which versions of models answer; without it the newest do
 * @param operations how it is run
 */
public record ServerOptions(
    ModelOptions models,
    String host,
    int port,
    Optional<Path> tokens,
    boolean unprotected,
    int maxMessage,
    long maxHeld,
    Optional<TrainingOptions> training,
    Optional<DatabaseOptions> database,
    OperationOptions operations) {

  /** The address that only this machine reaches. */
  public static final String LOOPBACK = "127.0.0.1";

  /** 32 MiB: an image of 2048 x 2048 pixels as numbers would be too large, its file is not. */
  public static final int MAX_MESSAGE = 32 << 20;

  /**
   * A quarter of the heap in bytes, or one largest request where that is more: a request is there
   * as it came, as a message and as what is decoded of it.
   */
  public static final long MAX_HELD = Math.max(MAX_MESSAGE, Runtime.getRuntime().maxMemory() / 4);

  /** The port that clients of the protocol try first for gRPC. */
  public static final int PORT = 8001;

  /** A server of the models of a folder, for this machine alone. */
  public static ServerOptions of(Path models) {
    return new ServerOptions(
        ModelOptions.of(models),
        LOOPBACK,
        PORT,
        Optional.empty(),
        false,
        MAX_MESSAGE,
        MAX_HELD,
        Optional.empty(),
        Optional.empty(),
        OperationOptions.DEFAULTS);
  }

  public ServerOptions {
    if (port < 0 || port > 65535 || maxMessage < 1) {
      throw new IllegalArgumentException(
          "port %d and messages of up to %d bytes; ports go from 0 to 65535, messages from 1 byte"
              .formatted(port, maxMessage));
    }
    if (maxHeld < maxMessage) {
      throw new IllegalArgumentException(
          ("%d bytes of all requests at a time and %d of one; give at least as many of all as of"
                  + " one")
              .formatted(maxHeld, maxMessage));
    }
    if (training.isPresent() && database.isEmpty()) {
      throw new IllegalArgumentException(
          "a server that trains keeps a registry of versions; name a database");
    }
    if (tokens.isEmpty() && !unprotected && !isLoopback(host)) {
      throw new IllegalArgumentException(
          ("on %s other machines would be served without a token; name a file of tokens, listen on"
                  + " %s, or say that it is to be unprotected")
              .formatted(host, LOOPBACK));
    }
  }

  /** On another address or port. */
  public ServerOptions withAddress(String value, int number) {
    return new ServerOptions(
        models,
        value,
        number,
        tokens,
        unprotected,
        maxMessage,
        maxHeld,
        training,
        database,
        operations);
  }

  /** For the holders of tokens. */
  public ServerOptions withTokens(Path file) {
    return new ServerOptions(
        models,
        host,
        port,
        Optional.of(file),
        unprotected,
        maxMessage,
        maxHeld,
        training,
        database,
        operations);
  }

  /** One that trains too, and keeps its registry beside the jobs. */
  public ServerOptions withTraining(TrainingOptions value) {
    return withTraining(value, DatabaseOptions.embedded(value.jobs()));
  }

  /** One that trains too, and keeps its registry in a database. */
  public ServerOptions withTraining(TrainingOptions value, DatabaseOptions registry) {
    return new ServerOptions(
        models,
        host,
        port,
        tokens,
        unprotected,
        maxMessage,
        maxHeld,
        Optional.of(value),
        Optional.of(registry),
        operations);
  }

  /** One that reads messages up to a size in bytes. */
  public ServerOptions withMaxMessage(int value) {
    return new ServerOptions(
        models, host, port, tokens, unprotected, value, maxHeld, training, database, operations);
  }

  /** One that holds up to so many bytes of requests that are not answered yet. */
  public ServerOptions withMaxHeld(long value) {
    return new ServerOptions(
        models, host, port, tokens, unprotected, maxMessage, value, training, database, operations);
  }

  /** One that is run in another way. */
  public ServerOptions withOperations(OperationOptions value) {
    return new ServerOptions(
        models, host, port, tokens, unprotected, maxMessage, maxHeld, training, database, value);
  }

  /** One that has other models, or computes in another way. */
  public ServerOptions withModels(ModelOptions value) {
    return new ServerOptions(
        value,
        host,
        port,
        tokens,
        unprotected,
        maxMessage,
        maxHeld,
        training,
        database,
        operations);
  }

  /** True if this machine alone is served, and everybody on it. */
  boolean isOpenLocally() {
    return tokens.isEmpty() && isLoopback(host);
  }

  private static boolean isLoopback(String host) {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(
          "no address '%s'; give a name or address of this machine".formatted(host), e);
    }
  }
}
