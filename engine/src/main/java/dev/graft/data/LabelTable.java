package dev.graft.data;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * Further labels of examples that are labelled already: a table of two columns with a head line,
 * {@code class,label} where the label follows from the class, {@code id,label} where each example
 * has its own. The last comma of a line separates, so that names may hold commas.
 *
 * @param byClass whether the first column names classes; otherwise examples
 * @param labels label by class or by example
 */
public record LabelTable(boolean byClass, Map<String, String> labels) {

  public LabelTable {
    labels = Map.copyOf(labels);
  }

  /**
   * Reads a table, UTF-8.
   *
   * @throws IOException if it has another form; the message names the line
   */
  public static LabelTable read(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new IOException("there is no table of labels at '%s'".formatted(file));
    }
    List<String> lines = Files.readAllLines(file, StandardCharsets.UTF_8);
    String head = lines.isEmpty() ? "" : lines.get(0).strip();
    if (!head.equals("class,label") && !head.equals("id,label")) {
      throw new IOException(
          "the first line of '%s' is '%s'; a table of labels begins with class,label or id,label"
              .formatted(file, head));
    }
    Map<String, String> labels = new LinkedHashMap<>();
    for (int i = 1; i < lines.size(); i++) {
      String line = lines.get(i).strip();
      int comma = line.lastIndexOf(',');
      boolean empty = line.isEmpty();
      if (!empty && (comma < 1 || comma == line.length() - 1)) {
        throw new IOException(
            "line %d of '%s' is '%s'; expected is a name, a comma and a label"
                .formatted(i + 1, file, line));
      }
      if (!empty && labels.put(line.substring(0, comma), line.substring(comma + 1)) != null) {
        throw new IOException(
            "line %d of '%s' labels '%s' again; each name stands once"
                .formatted(i + 1, file, line.substring(0, comma)));
      }
    }
    return new LabelTable(head.startsWith("class"), labels);
  }

  /**
   * The examples of a data set under the labels of the table.
   *
   * @throws IllegalArgumentException if it has no label for one of them; the message names it
   */
  public Dataset applyTo(Dataset data) {
    return new OtherLabels(data, this);
  }

  /** All labels in alphabetical order. */
  List<String> classes() {
    return List.copyOf(new TreeSet<>(labels.values()));
  }

  /** The label of an example. */
  String labelOf(Dataset data, int index) {
    String name = byClass ? data.classes().get((int) data.target(index)) : data.id(index);
    String label = labels.get(name);
    if (label == null) {
      throw new IllegalArgumentException(
          "the table of labels has none for the %s '%s'; it has labels for %s"
              .formatted(byClass ? "class" : "example", name, some()));
    }
    return label;
  }

  private String some() {
    List<String> names = new TreeSet<>(labels.keySet()).stream().limit(20).toList();
    return labels.size() > names.size() ? names + " and others" : names.toString();
  }
}

/** The examples of a data set under the labels of a table. */
final class OtherLabels implements Dataset {

  private final Dataset base;
  private final List<String> classes;
  private final int[] targets;

  OtherLabels(Dataset base, LabelTable table) {
    if (table.byClass() && base.targetKind() != TargetKind.CLASS) {
      throw new IllegalArgumentException(
          "the table labels classes and the examples are not of one each; write a table id,label");
    }
    this.base = base;
    this.classes = table.classes();
    this.targets = new int[base.size()];
    for (int i = 0; i < targets.length; i++) {
      targets[i] = classes.indexOf(table.labelOf(base, i));
    }
  }

  @Override
  public int size() {
    return base.size();
  }

  @Override
  public String id(int index) {
    return base.id(index);
  }

  @Override
  public double target(int index) {
    return targets[index];
  }

  @Override
  public List<String> classes() {
    return classes;
  }

  @Override
  public boolean sameExamples(Dataset other) {
    return base.sameExamples(other);
  }

  @Override
  public Example load(int index) throws IOException {
    return base.load(index);
  }
}
