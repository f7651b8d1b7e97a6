package dev.graft.weights.hub;

import dev.graft.weights.hub.HubException.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.function.UnaryOperator;

/**
 * Sends requests to a hub: with the token where it may go and nowhere else, with redirects that are
 * looked at before they are followed.
 */
final class Exchange {

  private static final int MAX_REDIRECTS = 5;

  private final HttpClient client;
  private final HubOptions options;
  private final URI endpoint;

  /** A sender; the client must not follow redirects by itself. */
  Exchange(HttpClient client, HubOptions options, URI endpoint) {
    if (client.followRedirects() != HttpClient.Redirect.NEVER) {
      throw new IllegalArgumentException(
          "the client follows redirects; the token would go with them, so build it with NEVER");
    }
    this.client = client;
    this.options = options;
    this.endpoint = endpoint;
  }

  /** Sends a request and follows redirects anywhere that is as safe as the hub. */
  HttpResponse<InputStream> follow(URI uri, UnaryOperator<HttpRequest.Builder> shape)
      throws IOException {
    URI current = uri;
    for (int i = 0; i <= MAX_REDIRECTS; i++) {
      HttpResponse<InputStream> response = send(current, shape);
      if (!isRedirect(response)) {
        return response;
      }
      response.body().close();
      current = target(current, response);
    }
    throw endless(uri);
  }

  /**
   * Asks for headers. Redirects are followed within the hub, up to the answer that leads away from
   * it or names a linked content.
   */
  HttpResponse<InputStream> head(URI uri) throws IOException {
    URI current = uri;
    for (int i = 0; i <= MAX_REDIRECTS; i++) {
      HttpResponse<InputStream> response =
          send(current, request -> request.method("HEAD", BodyPublishers.noBody()));
      if (!isRedirect(response)) {
        requireSuccess(response);
        return response;
      }
      URI next = target(current, response);
      if (!Origins.same(next, endpoint)
          || response.headers().firstValue("x-linked-etag").isPresent()) {
        return response;
      }
      response.body().close();
      current = next;
    }
    throw endless(uri);
  }

  static boolean isRedirect(HttpResponse<?> response) {
    return switch (response.statusCode()) {
      case 301, 302, 303, 307, 308 -> true;
      default -> false;
    };
  }

  /** Turns every answer but a success into an exception with the next step. */
  static void requireSuccess(HttpResponse<?> response) throws IOException {
    int status = response.statusCode();
    if (status == 200 || status == 206) {
      return;
    }
    String answer =
        "%s: the hub answers %d%s".formatted(response.uri(), status, explanation(response));
    switch (status) {
      case 401 ->
          throw new HubException(
              Reason.UNAUTHORIZED,
              answer
                  + "; the repository is private or does not exist: check its name, or set"
                  + " HF_TOKEN");
      case 403 ->
          throw new HubException(
              Reason.FORBIDDEN,
              answer + "; ask its owner for access on the hub's page, or use another token");
      case 404 ->
          throw new HubException(
              Reason.NOT_FOUND,
              answer + "; check the repository's name, the revision and the file");
      default -> {
        if (status == 408 || status == 429 || status >= 500) {
          throw new Retries.BusyException(answer, retryAfter(response));
        }
        throw new HubException(Reason.PROTOCOL, answer + "; is the endpoint a hub?");
      }
    }
  }

  private HttpResponse<InputStream> send(URI uri, UnaryOperator<HttpRequest.Builder> shape)
      throws IOException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri)
            .timeout(options.patience())
            .header("User-Agent", "graft")
            .header("Accept-Encoding", "identity");
    if (options.token().isPresent() && Origins.same(uri, endpoint)) {
      request.header("Authorization", "Bearer " + options.token().get());
    }
    try {
      return client.send(shape.apply(request).build(), BodyHandlers.ofInputStream());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while waiting for " + uri);
    }
  }

  /** Where a redirect leads: never out of http, and never from encryption into the clear. */
  private static URI target(URI from, HttpResponse<?> response) throws HubException {
    String location = response.headers().firstValue("location").orElse("");
    URI target;
    try {
      target = from.resolve(location);
    } catch (IllegalArgumentException e) {
      throw new HubException(
          Reason.PROTOCOL,
          "%s redirects to '%s', which is no address".formatted(from, location),
          e);
    }
    boolean http = "http".equals(target.getScheme());
    boolean https = "https".equals(target.getScheme());
    if (location.isEmpty() || target.getHost() == null || !(http || https)) {
      throw new HubException(
          Reason.PROTOCOL, "%s redirects to '%s', which is no address".formatted(from, location));
    }
    if (http && "https".equals(from.getScheme())) {
      throw new HubException(
          Reason.UNSAFE_REDIRECT,
          "%s redirects to %s, where nothing is encrypted; this is not followed"
              .formatted(from, target.getHost()));
    }
    return target;
  }

  private static Duration retryAfter(HttpResponse<?> response) {
    String seconds = response.headers().firstValue("retry-after").orElse("0");
    return Duration.ofSeconds(seconds.matches("\\d{1,6}") ? Long.parseLong(seconds) : 0);
  }

  /** What the hub says about a failure, on one line and not too long. */
  private static String explanation(HttpResponse<?> response) {
    String text = response.headers().firstValue("x-error-message").orElse("");
    String line = text.replaceAll("\\p{Cntrl}+", " ");
    return line.isEmpty() ? "" : " (" + line.substring(0, Math.min(line.length(), 200)) + ")";
  }

  private static HubException endless(URI uri) {
    return new HubException(
        Reason.PROTOCOL, "%s redirects more than %d times".formatted(uri, MAX_REDIRECTS));
  }
}
