package dev.graft.tabular;

import dev.graft.data.Dataset;
import dev.graft.data.EvalTransform;
import dev.graft.data.Example;
import dev.graft.data.Preprocessing;
import dev.graft.data.TrainTransform;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.NamedTensors;
import dev.graft.tensor.Tensor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How rows of a table become the inputs of one set of weights. Fitted once, on the training rows
 * the base was trained on, and then bound to the weights: another table meets it by the names of
 * its columns. A column that is absent there is fed as missing; one that is new is refused or
 * ignored, as chosen.
 *
 * <p>Inputs: {@code numeric} (N, C) FLOAT32 standardised, {@code missing} (N, C) FLOAT32 with 1
 * where the number is missing, {@code categorical} (N, K) INT64.
 *
 * @param columns the columns the weights know, in the order of the inputs
 * @param newColumns what happens to columns they do not know
 */
public record TablePreprocessing(List<TableColumn> columns, NewColumns newColumns)
    implements Preprocessing {

  /** Id of the augmentation that hides values at random. */
  public static final String MASK = "mask";

  /** Share of the values of a row that {@link #MASK} hides. */
  static final double MASKED = 0.2;

  /** What happens to columns that the weights do not know. */
  public enum NewColumns {
    /** A table that has one is refused. */
    REFUSE,
    /** They are not read. */
    IGNORE
  }

  public TablePreprocessing {
    columns = List.copyOf(columns);
    Set<String> names = new HashSet<>();
    for (TableColumn column : columns) {
      if (!names.add(column.name())) {
        throw new IllegalArgumentException("two columns are named '%s'".formatted(column.name()));
      }
    }
    if (columns.stream().allMatch(TableColumn.Unused.class::isInstance)) {
      throw new IllegalArgumentException("no column has a value; a table needs one: " + names);
    }
  }

  /**
   * Fits columns to the rows that will be trained on, and to no others.
   *
   * @param training rows as {@link CsvSource} gives them
   * @throws IOException if a row cannot be read
   */
  public static TablePreprocessing fit(Dataset training) throws IOException {
    Map<String, ColumnFit> fits = new LinkedHashMap<>();
    for (int i = 0; i < training.size(); i++) {
      training
          .load(i)
          .values()
          .forEach((name, cell) -> fits.computeIfAbsent(name, unused -> new ColumnFit()).add(cell));
    }
    List<TableColumn> columns = new ArrayList<>();
    fits.forEach((name, fit) -> columns.add(fit.column(name)));
    return new TablePreprocessing(columns, NewColumns.REFUSE);
  }

  /** With another treatment of columns that the weights do not know. */
  public TablePreprocessing withNewColumns(NewColumns value) {
    return new TablePreprocessing(columns, value);
  }

  /** The columns of numbers that are fed, in order. */
  public List<TableColumn.Numeric> numeric() {
    return only(TableColumn.Numeric.class);
  }

  /** The columns of categories that are fed, in order. */
  public List<TableColumn.Categorical> categorical() {
    return only(TableColumn.Categorical.class);
  }

  private <T extends TableColumn> List<T> only(Class<T> kind) {
    return columns.stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  /** Compares the columns of a table with those the weights know. */
  public ColumnMatch match(Collection<String> table) {
    List<String> known = columns.stream().map(TableColumn::name).toList();
    return new ColumnMatch(
        known.stream().filter(table::contains).toList(),
        known.stream().filter(name -> !table.contains(name)).toList(),
        table.stream().filter(name -> !known.contains(name)).toList());
  }

  @Override
  public String modality() {
    return TableModality.ID;
  }

  @Override
  public Map<String, Object> settings() {
    return ColumnJson.write(this);
  }

  /** The preprocessing that {@link #settings()} describes. */
  static TablePreprocessing of(Map<String, Object> settings) {
    return ColumnJson.read(settings);
  }

  @Override
  public EvalTransform evalTransform() {
    return new RowEncoder(this);
  }

  @Override
  public TrainTransform trainTransform(String augmentation) {
    if (!augmentation.equals(MASK)) {
      throw new IllegalArgumentException(
          "no augmentation '%s' for tables; there are %s".formatted(augmentation, augmentations()));
    }
    return new RowEncoder(this);
  }

  /** {@code mask}: each value is missing with probability 0.2, so that a gap becomes familiar. */
  @Override
  public Set<String> augmentations() {
    return Set.of(MASK);
  }

  @Override
  public String strongAugmentation() {
    return MASK;
  }

  @Override
  public NamedTensors collate(List<Example> examples) {
    Map<String, Tensor> inputs = new LinkedHashMap<>();
    inputs.put("numeric", floats(examples, "numeric", numeric().size()));
    inputs.put("missing", floats(examples, "missing", numeric().size()));
    int width = categorical().size();
    long[] indices = new long[examples.size() * width];
    for (int i = 0; i < examples.size(); i++) {
      HostTensor row = examples.get(i).get("categorical");
      System.arraycopy(row.toLongs(), 0, indices, i * width, width);
    }
    inputs.put("categorical", Tensor.of(indices, examples.size(), width));
    return NamedTensors.of(inputs);
  }

  private static Tensor floats(List<Example> examples, String name, int width) {
    float[] values = new float[examples.size() * width];
    for (int i = 0; i < examples.size(); i++) {
      System.arraycopy(examples.get(i).get(name).toFloats(), 0, values, i * width, width);
    }
    return Tensor.of(values, examples.size(), width);
  }
}
