package dev.graft.server.operations;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Takes what files hold when they are replaced. Files that cannot be taken change nothing, and are
 * looked at again when they change.
 */
public final class FileWatch {

  private static final System.Logger LOG = System.getLogger(FileWatch.class.getName());

  /** Milliseconds between looks. */
  private static final int LOOK = 1_000;

  private final Vertx vertx;
  private final String what;
  private final List<Path> files;
  private final Supplier<Future<?>> take;
  private List<Object> seen = List.of();

  private FileWatch(Vertx vertx, String what, List<Path> files, Supplier<Future<?>> take) {
    this.vertx = vertx;
    this.what = what;
    this.files = List.copyOf(files);
    this.take = take;
  }

  /**
   * Looks until the context that calls this ends. They are taken at the first look too: they may
   * have been replaced since they were read.
   *
   * @param what they hold, for the log
   * @param take reads them; fails where it cannot
   */
  public static void on(Vertx vertx, String what, List<Path> files, Supplier<Future<?>> take) {
    FileWatch watch = new FileWatch(vertx, what, files, take);
    var unused = vertx.setPeriodic(0, LOOK, id -> watch.look());
  }

  private void look() {
    Future<List<Object>> stamps = vertx.executeBlocking(this::stamps);
    stamps
        .compose(this::take)
        .onFailure(failure -> LOG.log(Level.ERROR, what + " stay as they were", failure));
  }

  /** What changes when a file is replaced. */
  private List<Object> stamps() throws IOException {
    List<Object> stamps = new ArrayList<>();
    for (Path file : files) {
      stamps.add(Files.getLastModifiedTime(file));
      stamps.add(Files.size(file));
    }
    return stamps;
  }

  private Future<?> take(List<Object> stamps) {
    if (stamps.equals(seen)) {
      return Future.succeededFuture();
    }
    seen = stamps;
    return take.get().onSuccess(taken -> LOG.log(Level.INFO, "{0} are read: {1}", what, files));
  }
}
