package dev.graft.server;

import dev.graft.server.access.Refusal;
import dev.graft.server.protocol.transfer.WatchRequest;
import dev.graft.server.protocol.transfer.WatchResponse;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.function.BooleanSupplier;

/** Tells those who watch a job what happens in it, until it ends. */
final class JobWatch {

  /** Milliseconds between looks at what a job has done. */
  private static final int LOOK = 200;

  private final Vertx vertx;
  private final TransferApi api;
  private final BooleanSupplier closing;

  /** With a question whether the server is about to end, which ends those who watch. */
  JobWatch(Vertx vertx, TransferApi api, BooleanSupplier closing) {
    this.vertx = vertx;
    this.api = api;
    this.closing = closing;
  }

  /** Somebody who watches. */
  interface Listener {

    /** Whether nobody listens any more. */
    boolean gone();

    /** Tells an event; the next one waits until this one is sent. */
    Future<Void> tell(WatchResponse event);

    /** All is told. */
    void end();

    /** The watch ends before the job. */
    void fail(Throwable failure);
  }

  /** Tells what happens from the event that is asked for on. */
  void watch(WatchRequest asked, Listener listener) {
    api.watch(asked.getJob(), asked.getFrom())
        .onSuccess(watcher -> go(watcher, listener))
        .onFailure(listener::fail);
  }

  /** Tells what there is, waits until it is sent, and looks again. */
  private void go(TransferApi.Watcher watcher, Listener listener) {
    if (listener.gone()) {
      return;
    }
    if (closing.getAsBoolean()) {
      listener.fail(Refusal.unavailable("the server is about to end; watch again later"));
      return;
    }
    watcher
        .more()
        .compose(events -> told(listener, events).map(events.isEmpty()))
        .onSuccess(
            nothing -> {
              if (watcher.over()) {
                listener.end();
              } else if (nothing) {
                var unused = vertx.setTimer(LOOK, id -> go(watcher, listener));
              } else {
                go(watcher, listener);
              }
            })
        .onFailure(listener::fail);
  }

  private static Future<Void> told(Listener listener, List<WatchResponse> events) {
    Future<Void> told = Future.succeededFuture();
    for (WatchResponse event : events) {
      told = told.compose(ok -> listener.tell(event));
    }
    return told;
  }
}
