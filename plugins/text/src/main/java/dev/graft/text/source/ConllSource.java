package dev.graft.text.source;

import dev.graft.data.DataParts;
import dev.graft.data.Dataset;
import dev.graft.data.TargetKind;
import dev.graft.plan.Setting;
import dev.graft.plan.Settings;
import dev.graft.spi.About;
import dev.graft.spi.DataSource;
import dev.graft.text.preprocessing.TextModality;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Tagged words in the columns of CoNLL: a word and its tag on each line, separated by tabs or
 * spaces, other columns between them ignored, a blank line between sentences. One file, or a folder
 * with {@code train} and, as far as there are any, {@code val} or {@code dev} and {@code test}.
 */
public final class ConllSource implements DataSource {

  /** Id of this source. */
  public static final String ID = "conll";

  private static final List<String> ENDINGS = List.of(".conll", ".bio", ".iob", ".iob2");

  /** What stands on a line of its own between documents. */
  private static final String DOCUMENT = "-DOCSTART-";

  @Override
  public About about() {
    return new About(
        ID, "tagged words in columns, a line each", "Tjong Kim Sang and De Meulder 2003");
  }

  @Override
  public List<Setting> settings() {
    return List.of(BadRows.setting("sentences with a line without tag, or with an unknown one"));
  }

  private static Map<String, Path> parts(Path path) throws IOException {
    return PartFiles.of(path, file -> PartFiles.endsWith(file, ENDINGS));
  }

  @Override
  public boolean recognises(Path path) throws IOException {
    return parts(path).containsKey("train");
  }

  @Override
  public DataParts open(Path path, Settings settings) throws IOException {
    return openBeside(path, path, settings);
  }

  /** The tags of the labelled words hold for the others. */
  @Override
  public DataParts openBeside(Path path, Path labelled, Settings settings) throws IOException {
    boolean skip = settings.checked(ID, settings()).text("bad_rows").equals("skip");
    Map<String, Path> files = parts(path);
    List<String> tags = tags(training(parts(labelled), labelled));
    return new DataParts(
        TextModality.ID,
        read(training(files, path), tags, skip),
        optional(files.get("val"), tags, skip),
        optional(files.get("test"), tags, skip));
  }

  private static Path training(Map<String, Path> files, Path path) throws IOException {
    Path file = files.get("train");
    if (file == null) {
      throw new IOException(
          "'%s' holds no tagged words; expected is a file that ends in one of %s, or a folder with train and test"
              .formatted(path, ENDINGS));
    }
    return file;
  }

  private static Optional<Dataset> optional(Path file, List<String> tags, boolean skip)
      throws IOException {
    return file == null ? Optional.empty() : Optional.of(read(file, tags, skip));
  }

  /**
   * Some words that belong together.
   *
   * @param line where they begin, from 1
   * @param words without white space in them
   * @param tags one per word; empty where a line had none
   */
  private record Sentence(long line, List<String> words, List<String> tags) {}

  private static List<Sentence> sentences(Path file) throws IOException {
    List<Sentence> sentences = new ArrayList<>();
    Sentence open = null;
    String[] lines = Utf8.read(file).split("\r?\n", -1);
    for (int i = 0; i < lines.length; i++) {
      String[] columns = lines[i].split(lines[i].indexOf('\t') < 0 ? " +" : "\t");
      if (lines[i].isBlank() || columns[0].equals(DOCUMENT)) {
        open = null;
        continue;
      }
      if (open == null) {
        open = new Sentence(i + 1, new ArrayList<>(), new ArrayList<>());
        sentences.add(open);
      }
      open.words.add(columns[0].strip());
      open.tags.add(columns.length < 2 ? "" : columns[columns.length - 1].strip());
    }
    return sentences;
  }

  private static List<String> tags(Path file) throws IOException {
    TreeSet<String> tags = new TreeSet<>();
    sentences(file).forEach(sentence -> tags.addAll(sentence.tags));
    tags.remove("");
    return List.copyOf(tags);
  }

  private static Dataset read(Path file, List<String> tags, boolean skip) throws IOException {
    String name = file.getFileName().toString();
    BadRows bad = new BadRows();
    List<Sentence> sentences = sentences(file);
    List<TextDataset.Row> rows = new ArrayList<>();
    List<double[]> targets = new ArrayList<>();
    for (Sentence sentence : sentences) {
      double[] row = sentence.tags.stream().mapToDouble(tags::indexOf).toArray();
      String problem = problem(sentence, row);
      if (problem.isEmpty()) {
        String text = String.join(" ", sentence.words);
        rows.add(new TextDataset.Row(sentence.line, text, Optional.empty()));
        targets.add(row);
      } else {
        bad.add(sentence.line, problem);
      }
    }
    bad.report(name, sentences.size(), skip);
    if (rows.isEmpty()) {
      throw new IOException("'%s' has no usable sentence".formatted(name));
    }
    return new TextDataset(name, rows, targets.toArray(double[][]::new), TargetKind.TAGS, tags);
  }

  /** What is wrong with a sentence; empty: nothing. */
  private static String problem(Sentence sentence, double[] row) {
    for (int i = 0; i < row.length; i++) {
      String word = sentence.words.get(i);
      if (word.isEmpty() || word.matches(".*\\s.*")) {
        return "'%s' is no word: it has white space in it, or nothing".formatted(word);
      }
      if (row[i] < 0) {
        return "word '%s' has the tag '%s', which the training part does not have"
            .formatted(word, sentence.tags.get(i));
      }
    }
    return "";
  }
}
