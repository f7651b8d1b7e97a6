package dev.graft.weights;

import dev.graft.tensor.DType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What becomes of each tensor when a file is loaded into a model: every name of either side has
 * exactly one entry.
 *
 * @param entries the model's tensors in its order, then those that only the file has
 */
public record LoadReport(List<Entry> entries) {

  /** Counters that older files lack and no computation here reads. */
  private static final String COUNTER = "num_batches_tracked";

  /** Most entries of one kind that are written out. */
  private static final int SHOWN = 20;

  /** What happens to a tensor. */
  public enum Kind {
    /** Equal on both sides, copied. */
    LOADED,
    /** Copied in another form, as the rules allow; the note says how. */
    ADAPTED,
    /** Keeps its initial value, as the rules allow; the note says why. */
    KEPT,
    /** Needed by the model, absent from the file. */
    MISSING,
    /** In the file, unknown to the model. */
    UNEXPECTED,
    /** In both, but of shapes or types that do not fit. */
    MISMATCHED;

    /** True for what makes a load fail. */
    public boolean isFault() {
      return this == MISSING || this == UNEXPECTED || this == MISMATCHED;
    }
  }

  /**
   * Type and shape of a tensor on one side.
   *
   * @param dtype element type
   * @param shape sizes, outermost first
   */
  public record Form(DType dtype, long[] shape) {

    /** True if the values can be copied as they are, or between floating types. */
    boolean fits(Form other) {
      return Arrays.equals(shape, other.shape) && sameKind(other);
    }

    boolean sameKind(Form other) {
      return dtype.isFloating() == other.dtype.isFloating();
    }

    @Override
    public String toString() {
      return dtype.code() + Arrays.toString(shape);
    }
  }

  /**
   * One tensor.
   *
   * @param kind what happens to it
   * @param name its name in the model; in the file where the model has none
   * @param source its name in the file; empty where the file has none
   * @param found its form in the file, or null
   * @param wanted its form in the model, or null
   * @param note what is done with it, in words; may be empty
   */
  public record Entry(Kind kind, String name, String source, Form found, Form wanted, String note) {

    @Override
    public String toString() {
      StringBuilder text = new StringBuilder(name);
      if (!source.isEmpty() && !source.equals(name)) {
        text.append(" (").append(source).append(" in the file)");
      }
      if (found != null && wanted != null) {
        text.append(" ").append(found).append(" in the file, ").append(wanted).append(" wanted");
      } else {
        text.append(' ').append(found == null ? wanted : found);
      }
      return note.isEmpty() ? text.toString() : text.append(": ").append(note).toString();
    }
  }

  public LoadReport {
    entries = List.copyOf(entries);
  }

  /**
   * Compares what a model wants with what a file has; reads no values.
   *
   * @param wanted the model's tensors by name, in its order
   * @throws IllegalArgumentException if the rules give two tensors one name
   */
  public static LoadReport plan(Map<String, Form> wanted, Weights weights, LoadRules rules) {
    Map<String, String> sources = rules.names().applyAll(weights.names());
    List<Entry> entries = new ArrayList<>();
    wanted.forEach(
        (name, form) -> {
          String source = sources.remove(name);
          entries.add(
              source == null
                  ? absent(name, form, rules)
                  : present(name, source, form(weights.stored(source)), form, rules));
        });
    sources.forEach(
        (name, source) ->
            entries.add(
                new Entry(Kind.UNEXPECTED, name, source, form(weights.stored(source)), null, "")));
    return new LoadReport(entries);
  }

  /** The entries of one kind, in order. */
  public List<Entry> of(Kind kind) {
    return entries.stream().filter(entry -> entry.kind() == kind).toList();
  }

  /** True if nothing is missing, unexpected or mismatched. */
  public boolean isComplete() {
    return entries.stream().noneMatch(entry -> entry.kind().isFault());
  }

  /** One line of counts, then every tensor that is not simply loaded, by kind. */
  public String render() {
    StringBuilder text = new StringBuilder();
    for (Kind kind : Kind.values()) {
      text.append(text.isEmpty() ? "" : ", ")
          .append(of(kind).size())
          .append(' ')
          .append(words(kind));
    }
    for (Kind kind : Kind.values()) {
      List<Entry> some = kind == Kind.LOADED ? List.of() : of(kind);
      if (!some.isEmpty()) {
        text.append("\n").append(words(kind)).append(':');
      }
      some.stream().limit(SHOWN).forEach(entry -> text.append("\n  ").append(entry));
      if (some.size() > SHOWN) {
        text.append("\n  and ").append(some.size() - SHOWN).append(" more");
      }
    }
    return text.toString();
  }

  private static Entry absent(String name, Form wanted, LoadRules rules) {
    if (rules.replaceable().contains(name)) {
      return new Entry(Kind.KEPT, name, "", null, wanted, "new, keeps its initial value");
    }
    if (name.endsWith(COUNTER)) {
      return new Entry(Kind.KEPT, name, "", null, wanted, "a counter, starts anew");
    }
    return new Entry(Kind.MISSING, name, "", null, wanted, "");
  }

  private static Entry present(
      String name, String source, Form found, Form wanted, LoadRules rules) {
    if (found.fits(wanted)) {
      return new Entry(Kind.LOADED, name, source, found, wanted, "");
    }
    if (rules.replaceable().contains(name)) {
      return new Entry(Kind.KEPT, name, source, found, wanted, "new, keeps its initial value");
    }
    if (rules.adaptable().contains(name)
        && found.sameKind(wanted)
        && InputChannels.fits(found.shape(), wanted.shape())) {
      String note = InputChannels.describe(found.shape(), wanted.shape());
      return new Entry(Kind.ADAPTED, name, source, found, wanted, note);
    }
    return new Entry(Kind.MISMATCHED, name, source, found, wanted, "");
  }

  private static Form form(StoredTensor tensor) {
    return new Form(tensor.dtype(), tensor.shape());
  }

  private static String words(Kind kind) {
    return kind.name().toLowerCase(Locale.ROOT);
  }
}
