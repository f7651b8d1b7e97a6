package dev.graft.text.source;

import dev.graft.data.DataParts;
import dev.graft.data.Dataset;
import dev.graft.data.TargetKind;
import dev.graft.plan.Setting;
import dev.graft.plan.Settings;
import dev.graft.spi.About;
import dev.graft.spi.DataSource;
import dev.graft.task.sequence.CausalLanguageModelling;
import dev.graft.task.sequence.MaskedLanguageModelling;
import dev.graft.text.preprocessing.TextModality;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Plain texts to learn the language of: one {@code .txt} file, or a folder with {@code train.txt}
 * and, as far as there are any, {@code val.txt} or {@code dev.txt} and {@code test.txt}.
 */
public final class PlainTextSource implements DataSource {

  /** Id of this source. */
  public static final String ID = "plain-text";

  private static final String UNIT = "unit";
  private static final String LINE = "line";
  private static final String TASK = "task";

  @Override
  public About about() {
    return new About(ID, "plain texts, to learn their language", "common practice");
  }

  @Override
  public List<Setting> settings() {
    return List.of(
        Setting.text(
            UNIT,
            "paragraph",
            List.of("paragraph", LINE),
            "what is one example: what stands between blank lines, or each line"),
        Setting.text(
            TASK,
            CausalLanguageModelling.ID,
            List.of(CausalLanguageModelling.ID, MaskedLanguageModelling.ID),
            "what is learned: the next word, or hidden ones"));
  }

  private static Map<String, Path> parts(Path path) throws IOException {
    return PartFiles.of(path, file -> PartFiles.endsWith(file, List.of(".txt")));
  }

  /** A lone text in a folder may be a note on something else. */
  @Override
  public boolean recognises(Path path) throws IOException {
    Path train = parts(path).get("train");
    return train != null
        && (train.equals(path) || PartFiles.endsWith(train, List.of("train.txt", "training.txt")))
        && PartFiles.of(path, TextRows::isTable).isEmpty();
  }

  @Override
  public DataParts open(Path path, Settings settings) throws IOException {
    Settings given = settings.checked(ID, settings());
    boolean lines = given.text(UNIT).equals(LINE);
    TargetKind kind =
        given.text(TASK).equals(MaskedLanguageModelling.ID)
            ? TargetKind.MASKED_WORDS
            : TargetKind.NEXT_WORD;
    Map<String, Path> files = parts(path);
    if (!files.containsKey("train")) {
      throw new IOException(
          "'%s' holds no plain text; expected is a .txt file, or a folder with train.txt"
              .formatted(path));
    }
    return new DataParts(
        TextModality.ID,
        read(files.get("train"), lines, kind),
        optional(files.get("val"), lines, kind),
        optional(files.get("test"), lines, kind));
  }

  private static Optional<Dataset> optional(Path file, boolean lines, TargetKind kind)
      throws IOException {
    return file == null ? Optional.empty() : Optional.of(read(file, lines, kind));
  }

  private static Dataset read(Path file, boolean lines, TargetKind kind) throws IOException {
    List<TextDataset.Row> rows = new ArrayList<>();
    List<String> open = new ArrayList<>();
    String[] all = Utf8.read(file).split("\r?\n", -1);
    for (int i = 0; i <= all.length; i++) {
      boolean blank = i == all.length || all[i].isBlank();
      if (!blank) {
        open.add(all[i].strip());
      }
      if (!open.isEmpty() && (blank || lines)) {
        int line = i - open.size() + (blank ? 1 : 2);
        rows.add(new TextDataset.Row(line, String.join("\n", open), Optional.empty()));
        open.clear();
      }
    }
    return new TextDataset(
        file.getFileName().toString(), rows, new double[rows.size()][0], kind, List.of());
  }
}
