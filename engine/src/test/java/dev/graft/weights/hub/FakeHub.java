package dev.graft.weights.hub;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import dev.graft.internal.Digests;
import dev.graft.internal.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A hub on this machine: one repository {@code org/model}, small files answered by the hub itself,
 * large ones by a second server to which it redirects. Each answer can be spoiled once or for good.
 */
final class FakeHub implements AutoCloseable {

  static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";

  /** Answers a request, or returns false to let the ordinary answer follow. */
  @FunctionalInterface
  interface Spoiler {
    boolean answer(HttpExchange exchange) throws IOException;
  }

  private final HttpServer hub = server(this::answerHub);
  private final HttpServer store = server(this::answerStore);
  private final ExecutorService executor = Executors.newCachedThreadPool();
  private final Map<String, byte[]> small = new LinkedHashMap<>();
  private final Map<String, byte[]> large = new LinkedHashMap<>();
  private final Deque<Spoiler> hubSpoilers = new ArrayDeque<>();
  private final Deque<Spoiler> storeSpoilers = new ArrayDeque<>();

  /** Method, path and range of each request, and the token it came with. */
  final List<String> requests = Collections.synchronizedList(new ArrayList<>());

  String commit = COMMIT;
  String wantedToken = "";
  URI storeAddress;

  FakeHub() throws IOException {
    hub.setExecutor(executor);
    store.setExecutor(executor);
    hub.start();
    store.start();
    storeAddress = address(store);
  }

  URI endpoint() {
    return address(hub);
  }

  void small(String name, String text) {
    small.put(name, text.getBytes(StandardCharsets.UTF_8));
  }

  void large(String name, byte[] content) {
    large.put(name, content);
  }

  /** The next request to the hub is answered otherwise. */
  void spoilHub(Spoiler spoiler) {
    hubSpoilers.add(spoiler);
  }

  /** The next request to the store is answered otherwise. */
  void spoilStore(Spoiler spoiler) {
    storeSpoilers.add(spoiler);
  }

  /** An answer without content. */
  static Spoiler status(int status, String... headers) {
    return exchange -> {
      for (int i = 0; i < headers.length; i += 2) {
        exchange.getResponseHeaders().set(headers[i], headers[i + 1]);
      }
      exchange.sendResponseHeaders(status, -1);
      exchange.close();
      return true;
    };
  }

  /** Announces everything, sends {@code count} bytes from the range's begin, and hangs up. */
  Spoiler breakAfter(String name, int count) {
    return exchange -> {
      byte[] content = large.get(name);
      int from = start(exchange);
      if (from > 0) {
        exchange
            .getResponseHeaders()
            .set(
                "Content-Range",
                "bytes %d-%d/%d".formatted(from, content.length - 1, content.length));
      }
      exchange.sendResponseHeaders(from > 0 ? 206 : 200, content.length - from);
      exchange.getResponseBody().write(content, from, count);
      exchange.getResponseBody().flush();
      exchange.close();
      return true;
    };
  }

  private void answerHub(HttpExchange exchange) throws IOException {
    note("hub", exchange);
    Spoiler spoiler = hubSpoilers.poll();
    if (spoiler != null && spoiler.answer(exchange)) {
      return;
    }
    String authorization = exchange.getRequestHeaders().getFirst("Authorization");
    if (!wantedToken.isEmpty() && !("Bearer " + wantedToken).equals(authorization)) {
      status(401, "X-Error-Message", "Repository not found").answer(exchange);
      return;
    }
    String path = exchange.getRequestURI().getPath();
    String resolve = "/org/model/resolve/" + commit + "/";
    if (path.startsWith("/api/models/org/model/revision/")) {
      send(exchange, 200, listing());
    } else if (path.startsWith(resolve)) {
      resolve(exchange, path.substring(resolve.length()));
    } else {
      status(404, "X-Error-Message", "Entry not found").answer(exchange);
    }
  }

  private byte[] listing() {
    List<Map<String, String>> siblings = new ArrayList<>();
    for (Map<String, byte[]> files : List.of(small, large)) {
      files.keySet().forEach(name -> siblings.add(Map.of("rfilename", name)));
    }
    return Json.writeCompact(Map.of("sha", commit, "siblings", siblings, "private", false));
  }

  private void resolve(HttpExchange exchange, String name) throws IOException {
    exchange.getResponseHeaders().set("X-Repo-Commit", commit);
    if (large.containsKey(name)) {
      byte[] content = large.get(name);
      exchange.getResponseHeaders().set("X-Linked-Etag", '"' + Digests.sha256(content) + '"');
      exchange.getResponseHeaders().set("X-Linked-Size", String.valueOf(content.length));
      status(302, "Location", storeAddress.resolve("/" + name).toString()).answer(exchange);
    } else if (small.containsKey(name)) {
      byte[] content = small.get(name);
      exchange.getResponseHeaders().set("ETag", "W/\"" + gitDigest(content) + '"');
      send(exchange, 200, content);
    } else {
      status(404).answer(exchange);
    }
  }

  private void answerStore(HttpExchange exchange) throws IOException {
    note("store", exchange);
    Spoiler spoiler = storeSpoilers.poll();
    if (spoiler != null && spoiler.answer(exchange)) {
      return;
    }
    byte[] content = large.get(exchange.getRequestURI().getPath().substring(1));
    int from = start(exchange);
    if (from > 0) {
      exchange
          .getResponseHeaders()
          .set(
              "Content-Range",
              "bytes %d-%d/%d".formatted(from, content.length - 1, content.length));
    }
    send(exchange, from > 0 ? 206 : 200, Arrays.copyOfRange(content, from, content.length));
  }

  private void note(String server, HttpExchange exchange) {
    String range = exchange.getRequestHeaders().getFirst("Range");
    String token = exchange.getRequestHeaders().getFirst("Authorization");
    requests.add(
        "%s %s %s%s%s"
            .formatted(
                server,
                exchange.getRequestMethod(),
                exchange.getRequestURI().getRawPath(),
                range == null ? "" : " " + range,
                token == null ? "" : " " + token));
  }

  private static void send(HttpExchange exchange, int status, byte[] content) throws IOException {
    if (exchange.getRequestMethod().equals("HEAD")) {
      exchange.getResponseHeaders().set("Content-Length", String.valueOf(content.length));
      exchange.sendResponseHeaders(status, -1);
    } else {
      exchange.sendResponseHeaders(status, content.length == 0 ? -1 : content.length);
      exchange.getResponseBody().write(content);
    }
    exchange.close();
  }

  private static int start(HttpExchange exchange) {
    String range = exchange.getRequestHeaders().getFirst("Range");
    return range == null ? 0 : Integer.parseInt(range.replaceAll("\\D", ""));
  }

  private static String gitDigest(byte[] content) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-1");
      digest.update(("blob " + content.length + "\0").getBytes(StandardCharsets.US_ASCII));
      return Digests.hex(digest.digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static HttpServer server(HttpHandler handler) {
    try {
      HttpServer server =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.createContext("/", handler);
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static URI address(HttpServer server) {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  @Override
  public void close() {
    hub.stop(0);
    store.stop(0);
    executor.shutdownNow();
  }
}
