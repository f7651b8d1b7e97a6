package dev.graft.weights.hub;

import dev.graft.weights.hub.HubException.Reason;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongConsumer;

/** The requests that a hub is asked: a document, what it says of a file, a file. */
final class HubHttp {

  private static final int MAX_JSON = 16 << 20;
  private static final int CHUNK = 1 << 16;

  private static final int PARTIAL = 206;
  private static final int RANGE_REFUSED = 416;

  private final Exchange exchange;
  private final Retries retries;
  private final Duration patience;

  HubHttp(Exchange exchange, Retries retries, Duration patience) {
    this.exchange = exchange;
    this.retries = retries;
    this.patience = patience;
  }

  /**
   * What a hub says of a file before it is fetched.
   *
   * @param commit the commit it belongs to
   * @param digest its entity tag without quotes
   * @param size its size in bytes
   */
  record FileInfo(String commit, String digest, long size) {}

  /** A small JSON document. */
  byte[] json(URI uri) throws IOException {
    return retries.run(
        uri,
        () -> {
          HttpResponse<InputStream> response = exchange.follow(uri, HttpRequest.Builder::GET);
          try (InputStream in = response.body()) {
            Exchange.requireSuccess(response);
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            copy(in, out, 0, MAX_JSON, done -> {});
            return out.toByteArray();
          }
        });
  }

  /**
   * Asks for a file's digest and size. Redirects are followed within the hub only: the address that
   * large files are redirected to is not asked, since the hub has said all that is needed.
   */
  FileInfo info(URI uri) throws IOException {
    return retries.run(
        uri,
        () -> {
          HttpResponse<InputStream> response = exchange.head(uri);
          response.body().close();
          String tag =
              header(response, "x-linked-etag").or(() -> header(response, "etag")).orElse("");
          Optional<String> size =
              header(response, "x-linked-size")
                  .or(
                      () ->
                          Exchange.isRedirect(response)
                              ? Optional.empty()
                              : header(response, "content-length"));
          if (tag.isEmpty() || size.isEmpty()) {
            throw protocol(uri, "tells neither digest nor size");
          }
          String digest = tag.replaceFirst("^W/", "").replaceAll("^\"|\"$", "");
          return new FileInfo(
              header(response, "x-repo-commit").orElse(""), digest, length(uri, size.get()));
        });
  }

  /** Fetches a file, going on where an earlier transfer stopped. */
  void download(URI uri, Path file, long size, LongConsumer progress) throws IOException {
    long done =
        retries.run(
            uri,
            () -> {
              long have = size(file);
              if (have > size) {
                Files.delete(file);
                have = 0;
              }
              if (have < size || !Files.exists(file)) {
                fetch(uri, file, size, progress);
              }
              return size(file);
            },
            () -> size(file));
    if (done != size) {
      throw protocol(uri, "sent %d bytes in place of %d".formatted(done, size));
    }
  }

  private void fetch(URI uri, Path file, long size, LongConsumer progress) throws IOException {
    long have = size(file);
    HttpResponse<InputStream> response =
        exchange.follow(
            uri,
            request ->
                have == 0 ? request.GET() : request.GET().header("Range", "bytes=" + have + "-"));
    try (InputStream in = response.body()) {
      if (response.statusCode() == RANGE_REFUSED) {
        // The beginning that lies here is of no use to the server: start again.
        Files.deleteIfExists(file);
        throw new IOException("the server cannot go on where the transfer stopped");
      }
      Exchange.requireSuccess(response);
      boolean resumed = response.statusCode() == PARTIAL;
      if (resumed
          && !header(response, "content-range").orElse("").startsWith("bytes " + have + "-")) {
        throw protocol(uri, "sends another part of the file than it was asked for");
      }
      try (OutputStream out =
          Files.newOutputStream(
              file,
              StandardOpenOption.CREATE,
              StandardOpenOption.WRITE,
              resumed ? StandardOpenOption.APPEND : StandardOpenOption.TRUNCATE_EXISTING)) {
        copy(in, out, resumed ? have : 0, size, progress);
      }
    }
    if (size(file) < size) {
      throw new IOException("the transfer ended after %d of %d bytes".formatted(size(file), size));
    }
  }

  /** Copies to the end, but no byte beyond {@code limit}: a server must not fill disk or memory. */
  private void copy(InputStream in, OutputStream out, long from, long limit, LongConsumer progress)
      throws IOException {
    byte[] chunk = new byte[CHUNK];
    long position = from;
    try (Watchdog watchdog = new Watchdog(in, patience)) {
      for (int n = read(in, chunk, watchdog); n >= 0; n = read(in, chunk, watchdog)) {
        watchdog.beat();
        if (n > limit - position) {
          throw new HubException(
              Reason.PROTOCOL,
              "the hub sends more than the %d bytes it announced".formatted(limit));
        }
        out.write(chunk, 0, n);
        position += n;
        progress.accept(position);
      }
    }
  }

  private int read(InputStream in, byte[] chunk, Watchdog watchdog) throws IOException {
    try {
      return in.read(chunk);
    } catch (IOException e) {
      if (watchdog.hasClosedStream()) {
        throw new IOException("nothing arrived for " + patience, e);
      }
      throw e;
    }
  }

  private static long size(Path file) throws IOException {
    return Files.exists(file) ? Files.size(file) : 0;
  }

  private static long length(URI uri, String text) throws HubException {
    try {
      long length = Long.parseLong(text);
      if (length >= 0) {
        return length;
      }
    } catch (NumberFormatException e) {
      throw new HubException(Reason.PROTOCOL, "%s has the size '%s'".formatted(uri, text), e);
    }
    throw protocol(uri, "has the size " + text);
  }

  private static Optional<String> header(HttpResponse<?> response, String name) {
    return response.headers().firstValue(name);
  }

  private static HubException protocol(URI uri, String what) {
    return new HubException(Reason.PROTOCOL, "%s %s; is the endpoint a hub?".formatted(uri, what));
  }
}
