package dev.graft.cli;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.graft.Fitted;
import dev.graft.Graft;
import dev.graft.Transfer;
import dev.graft.bundle.Bundle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Runs in folders below one; what is done is read and not run again. */
final class KeptRuns {

  private static final String RESULT = "result.json";
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private final Path folder;
  private final Output output;
  private final StopSignal stop;
  private final Optional<Path> changesFrom;

  KeptRuns(Path folder, Output output, StopSignal stop) {
    this(folder, output, stop, Optional.empty());
  }

  private KeptRuns(Path folder, Output output, StopSignal stop, Optional<Path> changesFrom) {
    this.folder = folder;
    this.output = output;
    this.stop = stop;
    this.changesFrom = changesFrom;
  }

  /** With what differs from a base beside each bundle that was made from it. */
  KeptRuns withChangesFrom(Optional<Path> base) {
    return new KeptRuns(folder, output, stop, base);
  }

  /**
   * The figures of a run, which may be incomplete where it was stopped.
   *
   * @param title said before it begins
   * @param name of its folder, made of characters that any file system takes
   */
  FitSummary run(String title, String name, Transfer transfer) throws IOException {
    Path run = folder.resolve(name.replaceAll("[^A-Za-z0-9.=_-]+", "_"));
    Path file = run.resolve(RESULT);
    if (Files.exists(file)) {
      return MAPPER.readValue(file.toFile(), FitSummary.class);
    }
    output.say(title);
    Fitted fitted =
        Running.heard(
            (asked, listener) -> transfer.listener(listener).stopWhen(asked).fit(run), stop);
    FitSummary summary = FitSummary.of(fitted);
    if (summary.completed()) {
      summary = withChanges(summary, fitted.bundle().orElseThrow());
      Files.write(file, MAPPER.writeValueAsBytes(summary));
    }
    return summary;
  }

  /** A bundle from random weights has no base that it could differ from. */
  private FitSummary withChanges(FitSummary summary, Bundle bundle) throws IOException {
    if (changesFrom.isEmpty() || bundle.manifest().base().digest().isEmpty()) {
      return summary;
    }
    Path target = bundle.folder().resolveSibling("changes");
    Bundle changes = Graft.create().withoutBase(bundle.folder(), changesFrom.get(), target);
    return summary.withChanges(changes.stored().byteSize());
  }
}
