package dev.graft.server.jobs;

import dev.graft.data.Splitter;
import dev.graft.server.access.Refusal;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Arguments of the {@code graft} command line out of what clients ask for. Each is one word with
 * its option, {@code --seed=3}, so that no value can be taken for another option or for the name of
 * a file of arguments.
 */
final class FitWords {

  /** Ids, settings and numbers: neither spaces nor what could be a path. */
  private static final Pattern METHODS = Pattern.compile("[A-Za-z0-9_,:=.+-]{1,1000}");

  private final NamedFolders bases;
  private final NamedFolders data;

  FitWords(NamedFolders bases, NamedFolders data) {
    this.bases = bases;
    this.data = data;
  }

  /**
   * What makes a transfer, for the commands {@code fit} and {@code plan}.
   *
   * @throws Refusal if a name or a number is not as it must be
   */
  List<String> transfer(JobSpec spec) throws IOException {
    if (!METHODS.matcher(spec.methods()).matches()) {
      throw Refusal.invalid(
          "methods are written as in 'lp-ft:epochs=5,l2-sp': ids, settings and numbers, at most"
              + " 1000 letters");
    }
    if (spec.perClass() < 0 || spec.inputSize() < 0 || spec.snapshotUpdates() < 0) {
      throw Refusal.invalid("counts and sizes are not negative and at most %d", Integer.MAX_VALUE);
    }
    if (!Splitter.isShare(spec.validationShare())) {
      throw Refusal.invalid(
          "a share of %s for validation; it goes from 0 to below 1", spec.validationShare());
    }
    List<String> words = new ArrayList<>();
    words.add("--base=" + bases.folder(spec.base()));
    words.add("--data=" + data.folder(spec.data()));
    words.add("--method=" + spec.methods());
    words.add("--k-per-class=" + spec.perClass());
    words.add("--validation-share=" + spec.validationShare());
    words.add("--size=" + spec.inputSize());
    words.add("--snapshot-every=" + spec.snapshotUpdates());
    for (Map.Entry<String, String> other : spec.others().entrySet()) {
      words.add("--" + other.getKey() + "=" + other(other.getKey()).folder(other.getValue()));
    }
    return words;
  }

  private NamedFolders other(String use) {
    return switch (use) {
      case JobSpec.TEACHER -> bases;
      case JobSpec.UNLABELLED, JobSpec.SOURCE, JobSpec.TEST -> data;
      default -> throw Refusal.invalid("no folder is for '%s'", use);
    };
  }

  /** Fits into a run folder; one that an earlier process left goes on where it was. */
  List<String> fit(JobSpec spec, Path run) throws IOException {
    List<String> words = new ArrayList<>(List.of("fit"));
    words.addAll(transfer(spec));
    words.add("--seed=" + spec.seed());
    words.add("--out=" + run);
    return words;
  }

  /** Prints the plan as JSON. */
  List<String> plan(JobSpec spec) throws IOException {
    List<String> words = new ArrayList<>(List.of("plan", "--json"));
    words.addAll(transfer(spec));
    return words;
  }
}
