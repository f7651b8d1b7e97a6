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
  private static final String PARAGRAPH = "paragraph";
  private static final String LONGEST = "longest";
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
            Setting.AUTO,
            List.of(Setting.AUTO, PARAGRAPH, LINE),
            "what is one example: what stands between blank lines, or each line; auto: lines"
                + " where no blank line stands between two others"),
        Setting.integer(
            LONGEST,
            2000,
            20,
            100_000_000,
            "characters of the longest example; a longer one becomes several, cut between words,"
                + " where a model would read its beginning alone"),
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
    String[] train = lines(files.get("train"));
    String unit = given.text(UNIT);
    boolean auto = unit.equals(Setting.AUTO);
    Form form =
        new Form(auto ? !blankInside(train) : unit.equals(LINE), given.integer(LONGEST), kind);
    return new DataParts(
        TextModality.ID,
        form.read(files.get("train"), train),
        form.read(Optional.ofNullable(files.get("val"))),
        form.read(Optional.ofNullable(files.get("test"))));
  }

  private static String[] lines(Path file) throws IOException {
    return Utf8.read(file).split("\r?\n", -1);
  }

  /** True if a blank line stands between others. */
  private static boolean blankInside(String[] lines) {
    boolean begun = false;
    boolean gap = false;
    for (String line : lines) {
      if (gap && !line.isBlank()) {
        return true;
      }
      begun |= !line.isBlank();
      gap = begun && line.isBlank();
    }
    return false;
  }

  /**
   * How a file becomes examples.
   *
   * @param lines whether each line is one
   * @param longest characters of the longest one
   * @param kind what is learned
   */
  private record Form(boolean lines, int longest, TargetKind kind) {

    Optional<Dataset> read(Optional<Path> file) throws IOException {
      return file.isEmpty()
          ? Optional.empty()
          : Optional.of(read(file.get(), PlainTextSource.lines(file.get())));
    }

    Dataset read(Path file, String[] all) {
      List<TextDataset.Row> rows = new ArrayList<>();
      List<String> open = new ArrayList<>();
      for (int i = 0; i <= all.length; i++) {
        boolean blank = i == all.length || all[i].isBlank();
        if (!blank) {
          open.add(all[i].strip());
        }
        if (!open.isEmpty() && (blank || lines)) {
          int line = i - open.size() + (blank ? 1 : 2);
          add(rows, line, String.join("\n", open));
          open.clear();
        }
      }
      return new TextDataset(
          file.getFileName().toString(), rows, new double[rows.size()][0], kind, List.of());
    }

    /** Pieces of a text that are no longer than the longest, cut at white space if there is any. */
    private void add(List<TextDataset.Row> rows, int line, String text) {
      int from = 0;
      while (from < text.length()) {
        int to = Math.min(text.length(), from + longest);
        if (to < text.length()) {
          int space = Math.max(text.lastIndexOf(' ', to), text.lastIndexOf('\n', to));
          to = space > from ? space : text.offsetByCodePoints(from, text.codePointCount(from, to));
        }
        rows.add(new TextDataset.Row(line, from, text.substring(from, to).strip()));
        from = to;
        while (from < text.length() && Character.isWhitespace(text.charAt(from))) {
          from++;
        }
      }
    }
  }
}
