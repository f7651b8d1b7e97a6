package dev.graft.server.operations;

import dev.graft.internal.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Map;

/** A line of JSON per call, in a file. Safe for any thread. */
public final class AccessLog implements AutoCloseable {

  private static final System.Logger LOG = System.getLogger(AccessLog.class.getName());

  private final OutputStream out;

  private AccessLog(OutputStream out) {
    this.out = out;
  }

  /** Writes nothing. */
  public static AccessLog none() {
    return new AccessLog(OutputStream.nullOutputStream());
  }

  /** Adds to a file, which is made where there is none. */
  public static AccessLog to(Path file) throws IOException {
    return new AccessLog(
        Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND));
  }

  /** Adds a line; where that fails, the call that it is about does not. */
  synchronized void add(Map<String, Object> line) {
    byte[] json = Json.writeCompact(line);
    byte[] whole = Arrays.copyOf(json, json.length + 1);
    whole[json.length] = '\n';
    try {
      out.write(whole);
    } catch (IOException e) {
      LOG.log(Level.WARNING, "a line of the access log is lost", e);
    }
  }

  @Override
  public synchronized void close() throws IOException {
    out.close();
  }
}
