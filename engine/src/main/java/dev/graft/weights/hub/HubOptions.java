package dev.graft.weights.hub;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Where models are fetched from and kept.
 *
 * @param endpoint address of the hub, without a path; empty is allowed offline
 * @param token sent to the endpoint, and to nobody else
 * @param cache folder in the hub's standard layout; other programs may use it too
 * @param offline whether only the cache is asked
 * @param patterns globs of the files to fetch; {@code *} does not cross a slash
 * @param attempts tries in a row without a new byte before giving up, 1 or more
 * @param patience time without a byte after which a transfer counts as broken
 */
public record HubOptions(
    Optional<URI> endpoint,
    Optional<String> token,
    Path cache,
    boolean offline,
    List<String> patterns,
    int attempts,
    Duration patience) {

  /** What a base model consists of: settings, weights as data, labels, vocabulary, licence. */
  public static final List<String> BASE_MODEL =
      List.of(
          "*.json",
          "*.safetensors",
          "pytorch_model*.bin",
          "*.{model,spm}",
          "{vocab,merges,labels}.txt",
          "{README,LICENSE,LICENCE,NOTICE}*");

  private static final Set<String> YES = Set.of("1", "true", "yes", "on");

  public HubOptions {
    patterns = List.copyOf(patterns);
    if (attempts < 1 || patience.isNegative() || patience.isZero()) {
      throw new IllegalArgumentException(
          "%d attempts with a patience of %s; both must be positive".formatted(attempts, patience));
    }
    endpoint.ifPresent(uri -> check(uri, token.isPresent()));
  }

  /**
   * The options that the ecosystem's environment variables give: {@code HF_ENDPOINT}, {@code
   * HF_TOKEN}, {@code HF_HUB_CACHE} or {@code HF_HOME}, {@code HF_HUB_OFFLINE}.
   *
   * @param environment names and values, for example {@code System.getenv()}
   * @param home the user's folder, under which the cache lies by default
   */
  public static HubOptions of(Map<String, String> environment, Path home) {
    Path hubHome =
        value(environment, "HF_HOME").map(Path::of).orElse(home.resolve(".cache/huggingface"));
    return new HubOptions(
        value(environment, "HF_ENDPOINT").map(URI::create),
        value(environment, "HF_TOKEN"),
        value(environment, "HF_HUB_CACHE").map(Path::of).orElse(hubHome.resolve("hub")),
        value(environment, "HF_HUB_OFFLINE")
            .map(text -> YES.contains(text.toLowerCase(Locale.ROOT)))
            .orElse(false),
        BASE_MODEL,
        5,
        Duration.ofSeconds(60));
  }

  /** With another endpoint. */
  public HubOptions endpoint(URI value) {
    return new HubOptions(Optional.of(value), token, cache, offline, patterns, attempts, patience);
  }

  /** With another cache folder. */
  public HubOptions cache(Path value) {
    return new HubOptions(endpoint, token, value, offline, patterns, attempts, patience);
  }

  /** With or without the network. */
  public HubOptions offline(boolean value) {
    return new HubOptions(endpoint, token, cache, value, patterns, attempts, patience);
  }

  /** With other files to fetch. */
  public HubOptions patterns(List<String> value) {
    return new HubOptions(endpoint, token, cache, offline, value, attempts, patience);
  }

  /** Never shows the token. */
  @Override
  public String toString() {
    return "HubOptions[endpoint=%s, token=%s, cache=%s, offline=%s, patterns=%s]"
        .formatted(
            endpoint.map(URI::toString).orElse("none"),
            token.isPresent() ? "given" : "none",
            cache,
            offline,
            patterns);
  }

  private static Optional<String> value(Map<String, String> environment, String name) {
    return Optional.ofNullable(environment.get(name)).map(String::strip).filter(s -> !s.isEmpty());
  }

  private static void check(URI endpoint, boolean withToken) {
    boolean secure = "https".equals(endpoint.getScheme());
    if (endpoint.getHost() == null || (!secure && !"http".equals(endpoint.getScheme()))) {
      throw new IllegalArgumentException(
          "endpoint '%s' is no address; give one such as https://hub.example".formatted(endpoint));
    }
    if (withToken && !secure && !Origins.isLoopback(endpoint)) {
      throw new IllegalArgumentException(
          "a token is never sent over plain http to '%s'; use https, or give no token"
              .formatted(endpoint));
    }
  }
}
