package dev.graft.weights.hub;

import dev.graft.internal.Json;
import dev.graft.weights.hub.HubException.Reason;
import dev.graft.weights.hub.HubHttp.FileInfo;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A hub of published models, and the folder in which what was fetched from it is kept.
 *
 * <p>Files arrive under their digest, are checked against it, and appear in a snapshot of the
 * repository's commit; a pull that was stopped goes on where it stood, down to the byte. Nothing
 * that arrives is run, or is written outside the cache folder.
 *
 * <p>Source: the HTTP interface and cache layout of huggingface_hub 0.2x.
 */
public final class Hub {

  /** More than any base model has. */
  private static final int MAX_FILES = 10_000;

  private static final System.Logger LOG = System.getLogger(Hub.class.getName());

  private final HubOptions options;
  private final HttpClient client;
  private final Sleeper sleeper;

  /**
   * A hub that is asked through a given client.
   *
   * @param client must not follow redirects by itself: it would carry the token along
   * @param sleeper waits between two tries
   */
  public Hub(HubOptions options, HttpClient client, Sleeper sleeper) {
    this.options = options;
    this.client = client;
    this.sleeper = sleeper;
  }

  /** A hub that is asked through a new client. */
  public static Hub open(HubOptions options) {
    HttpClient client =
        HttpClient.newBuilder()
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(Duration.ofSeconds(20))
            .build();
    return new Hub(options, client, Sleeper.REAL);
  }

  /**
   * Fetches what is not in the cache yet.
   *
   * @param revision a branch, a tag or a commit, for example {@code main}
   * @param listener hears how it goes on
   * @return the folder of the snapshot, ready to be opened as a base model
   * @throws HubException if it cannot be had; the message gives the next step
   * @throws IOException if the cache cannot be read or written
   */
  public Path pull(RepoId repo, String revision, HubListener listener) throws IOException {
    HubCache cache = new HubCache(options.cache(), repo);
    if (options.offline()) {
      return cached(cache, repo, revision);
    }
    URI endpoint =
        options
            .endpoint()
            .orElseThrow(
                () ->
                    new HubException(
                        Reason.UNREACHABLE,
                        "no hub is named; give its address as the endpoint, or set HF_ENDPOINT"));
    HubHttp http =
        new HubHttp(
            new Exchange(client, options, endpoint),
            new Retries(options.attempts(), sleeper),
            options.patience());
    List<String> revisionParts = HubCache.parts(revision);
    URI about =
        address(
            endpoint, "api", "models", repo, "revision", encode(String.join("/", revisionParts)));
    Listing listing = listing(http.json(about), about);
    try (FileChannel lock = cache.lock()) {
      for (String file : chosen(listing, repo)) {
        fetch(http, cache, new Wanted(repo, listing.commit(), file, endpoint), listener);
      }
      cache.setCommit(revision, listing.commit());
    }
    return cache.snapshot(listing.commit());
  }

  /** What a repository holds at a commit. */
  private record Listing(String commit, List<String> files) {}

  /** One file to fetch. */
  private record Wanted(RepoId repo, String commit, String file, URI endpoint) {

    URI uri() {
      return address(endpoint, repo, "resolve", commit, encodeEach(file));
    }
  }

  private Path cached(HubCache cache, RepoId repo, String revision) throws IOException {
    Optional<Path> snapshot =
        cache.commit(revision).map(cache::snapshot).filter(Files::isDirectory);
    return snapshot.orElseThrow(
        () ->
            new HubException(
                Reason.NOT_CACHED,
                "%s at '%s' is not in %s; pull it once without the offline option"
                    .formatted(repo, revision, options.cache())));
  }

  private static Listing listing(byte[] json, URI about) throws IOException {
    Map<String, Object> answer = Json.readObject(json, about.toString());
    List<String> files = new ArrayList<>();
    if (!(answer.get("sha") instanceof String commit) || !HubCache.isCommit(commit)) {
      throw protocol(about, "names no commit");
    }
    if (!(answer.get("siblings") instanceof List<?> siblings) || siblings.size() > MAX_FILES) {
      throw protocol(about, "lists no files, or too many");
    }
    for (Object sibling : siblings) {
      if (!(sibling instanceof Map<?, ?> map) || !(map.get("rfilename") instanceof String file)) {
        throw protocol(about, "lists something that is no file");
      }
      files.add(file);
    }
    return new Listing(commit, files);
  }

  /**
   * The files to fetch. PyTorch checkpoints are left out where the same weights are there as
   * safetensors; a name that is no plain path is refused even where nobody wants it.
   */
  private List<String> chosen(Listing listing, RepoId repo) throws HubException {
    List<PathMatcher> matchers =
        options.patterns().stream()
            .map(pattern -> FileSystems.getDefault().getPathMatcher("glob:" + pattern))
            .toList();
    List<String> chosen = new ArrayList<>();
    for (String file : listing.files()) {
      Path path = Path.of("", HubCache.parts(file).toArray(String[]::new));
      if (matchers.stream().anyMatch(matcher -> matcher.matches(path))) {
        chosen.add(file);
      }
    }
    if (chosen.isEmpty()) {
      throw new HubException(
          Reason.NOTHING_MATCHES,
          "no file of %s matches %s; it has %s"
              .formatted(repo, options.patterns(), listing.files()));
    }
    if (chosen.stream().anyMatch(file -> file.endsWith(".safetensors"))) {
      chosen.removeIf(file -> file.startsWith("pytorch_model"));
    }
    return chosen;
  }

  private void fetch(HubHttp http, HubCache cache, Wanted wanted, HubListener listener)
      throws IOException {
    if (Files.exists(cache.file(wanted.commit(), wanted.file()))) {
      return;
    }
    FileInfo info = http.info(wanted.uri());
    if (!info.commit().isEmpty() && !info.commit().equals(wanted.commit())) {
      throw protocol(wanted.uri(), "belongs to commit " + info.commit());
    }
    if (!HubDigest.isDigest(info.digest())) {
      throw protocol(wanted.uri(), "has the tag '%s', which is no digest".formatted(info.digest()));
    }
    Path blob = cache.blob(info.digest());
    if (!Files.exists(blob) || Files.size(blob) != info.size()) {
      download(http, cache, wanted, info, listener);
    }
    cache.link(wanted.commit(), wanted.file(), info.digest());
  }

  private void download(
      HubHttp http, HubCache cache, Wanted wanted, FileInfo info, HubListener listener)
      throws IOException {
    Path incomplete = cache.incomplete(info.digest());
    long room = Files.getFileStore(incomplete.getParent()).getUsableSpace();
    if (info.size() > room) {
      throw new HubException(
          Reason.NO_SPACE,
          "%s takes %d bytes, the disk of %s has %d left"
              .formatted(wanted.file(), info.size(), options.cache(), room));
    }
    http.download(
        wanted.uri(),
        incomplete,
        info.size(),
        done -> listener.progress(wanted.file(), done, info.size()));
    String digest = HubDigest.of(incomplete, info.digest());
    if (!digest.equals(info.digest())) {
      Files.delete(incomplete);
      throw new HubException(
          Reason.WRONG_DIGEST,
          "%s has the digest %s, but %s was announced; it was thrown away, pull again"
              .formatted(wanted.file(), digest, info.digest()));
    }
    cache.keep(incomplete, info.digest());
    LOG.log(System.Logger.Level.DEBUG, "fetched {0}", wanted.uri());
  }

  private static URI address(URI endpoint, Object... parts) {
    StringBuilder address = new StringBuilder(endpoint.toString().replaceAll("/+$", ""));
    for (Object part : parts) {
      address.append('/').append(part);
    }
    return URI.create(address.toString());
  }

  private static String encodeEach(String path) {
    return List.of(path.split("/")).stream().map(Hub::encode).collect(Collectors.joining("/"));
  }

  private static String encode(String part) {
    return URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private static HubException protocol(URI uri, String what) {
    return new HubException(Reason.PROTOCOL, "%s %s; is the endpoint a hub?".formatted(uri, what));
  }
}
