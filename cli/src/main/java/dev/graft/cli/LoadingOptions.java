package dev.graft.cli;

import dev.graft.server.ModelOptions;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Option;

/** What a server holds in memory. */
final class LoadingOptions {

  @Option(
      names = "--shared-base",
      paramLabel = "DIR",
      split = ",",
      description =
          "A base that bundles without their base were made from; may be repeated. Requests for"
              + " different bundles of one base are computed together.")
  private List<Path> bases = List.of();

  @Option(
      names = "--max-adapters",
      paramLabel = "N",
      defaultValue = "" + ModelOptions.MOST_RESIDENT,
      description =
          "Bundles over bases that are in memory at a time; the one that was not asked for longest"
              + " makes room, and is loaded again when it is asked for. Default: ${DEFAULT-VALUE}.")
  private int most;

  @Option(
      names = "--max-rank",
      paramLabel = "N",
      defaultValue = "" + ModelOptions.MAX_RANK,
      description =
          "Highest rank of an adapter; bundles with another are not loaded. Default:"
              + " ${DEFAULT-VALUE}.")
  private int rank;

  @Option(
      names = "--pin",
      paramLabel = "NAME",
      split = ",",
      description = "A bundle over a base that makes room for no other; may be repeated.")
  private List<String> pinned = List.of();

  ModelOptions options(Path models) {
    return ModelOptions.of(models).withBases(bases, most).withMaxRank(rank).withPinned(pinned);
  }
}
