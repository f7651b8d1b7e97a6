package dev.graft.cli;

import dev.graft.weights.hub.Hub;
import dev.graft.weights.hub.HubOptions;
import dev.graft.weights.hub.RepoId;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Fetches a base model from a hub. */
@Command(
    name = "pull",
    description = {
      "Fetch a base model from a hub into the standard cache, checked by digest; a pull that was"
          + " stopped goes on where it stood.",
      "A token is read from HF_TOKEN and sent to the endpoint alone."
    },
    footer = "%nExample: graft pull org/model --revision main --endpoint https://hub.example",
    mixinStandardHelpOptions = true)
final class PullCommand implements Callable<Integer> {

  private final Map<String, String> environment;

  @Mixin private Output output;

  @Parameters(paramLabel = "ID", description = "Repository, for example org/model.")
  private String id;

  @Option(
      names = "--revision",
      paramLabel = "REV",
      defaultValue = "main",
      description = "Branch, tag or commit. Default: ${DEFAULT-VALUE}.")
  private String revision;

  @Option(
      names = "--endpoint",
      paramLabel = "URL",
      description = "Address of the hub. Default: HF_ENDPOINT; there is no other.")
  private URI endpoint;

  @Option(
      names = "--cache",
      paramLabel = "DIR",
      description = "Cache folder. Default: HF_HUB_CACHE, HF_HOME/hub or ~/.cache/huggingface/hub.")
  private Path cache;

  @Option(names = "--offline", description = "Ask the cache alone, as HF_HUB_OFFLINE=1 does.")
  private boolean offline;

  @Option(
      names = "--include",
      paramLabel = "GLOB",
      description = "Files to fetch, may be repeated. Default: what a base model consists of.")
  private List<String> include = List.of();

  /**
   * The command.
   *
   * @param environment where endpoint, token and cache may be named
   */
  PullCommand(Map<String, String> environment) {
    this.environment = environment;
  }

  @Override
  public Integer call() throws IOException {
    HubOptions options = options(Path.of(System.getProperty("user.home")));
    Path snapshot;
    try (PullDisplay display = PullDisplay.onStandardError()) {
      snapshot = Hub.open(options).pull(new RepoId(id), revision, display);
    }
    output.print(
        Map.of("id", id, "revision", revision, "folder", snapshot.toString()),
        out -> out.println(snapshot));
    return 0;
  }

  private HubOptions options(Path home) {
    HubOptions options = HubOptions.of(environment, home);
    options = endpoint == null ? options : options.endpoint(endpoint);
    options = cache == null ? options : options.cache(cache);
    options = include.isEmpty() ? options : options.patterns(include);
    return offline ? options.offline(true) : options;
  }
}
