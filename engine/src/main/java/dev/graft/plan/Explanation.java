package dev.graft.plan;

import dev.graft.model.Group;
import dev.graft.model.Model;
import dev.graft.model.Parameter;
import dev.graft.plan.Selection.Selected;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Prints a plan for one model as plain text, the same in every locale. */
final class Explanation {

  private static final String ABSENT = "-";

  private final Plan plan;
  private final Model model;
  private final StringBuilder text = new StringBuilder();

  Explanation(Plan plan, Model model) {
    this.plan = plan;
    this.model = model;
  }

  String print() {
    line("weights", plan.fromScratch() ? "random" : "pretrained");
    line("seed", String.valueOf(plan.seed()));
    plan.methods().forEach(method -> line("method", choice(method)));
    plan.surgery().forEach(change -> line("surgery", choice(change)));
    for (int i = 0; i < plan.phases().size(); i++) {
      text.append(format("%nphase %d of %d%n", i + 1, plan.phases().size()));
      phase(plan.phases().get(i));
    }
    return text.toString();
  }

  private void phase(Phase phase) {
    line("name", phase.name());
    line("length", length(phase.length()));
    line("optimizer", choice(phase.optimizer()));
    line("schedule", choice(phase.schedule()));
    for (Stream stream : phase.streams()) {
      line(
          "stream",
          format(
              "%s, batches of %d, views %s, %s",
              stream.data(), stream.batchSize(), stream.views(), choice(stream.sampler())));
    }
    for (TermSpec term : phase.terms()) {
      String ramp = term.ramp() > 0 ? format(", rising over %d updates", term.ramp()) : "";
      line(
          "term",
          format(
              "%s, weight %s%s",
              choice(term.id(), term.settings()), number(term.weight(), 0), ramp));
    }
    line("combine", choice(phase.combine()));
    for (Update update : phase.updates()) {
      line(
          "update",
          format(
              "%s: groups %s, terms %s, %d times",
              update.name(),
              update.groups().isEmpty() ? "all" : update.groups(),
              update.weights(),
              update.repeat()));
    }
    line("regime", regime(phase.regime()));
    table(phase);
  }

  private static String length(Length length) {
    String bound =
        length.maxUpdates() > 0 ? format(", at most %d updates", length.maxUpdates()) : "";
    String patience =
        length.patience() > 0
            ? format(", ends after %d epochs without improvement", length.patience())
            : "";
    return format("%d epochs%s%s", length.epochs(), bound, patience);
  }

  private static String regime(Regime regime) {
    List<String> parts = new ArrayList<>();
    if (regime.accumulate() > 1) {
      parts.add(format("%d micro-batches", regime.accumulate()));
    }
    addIfSet(parts, "gradient norm at most", regime.clipNorm());
    addIfSet(parts, "mixup", regime.mixup());
    addIfSet(parts, "cutmix", regime.cutmix());
    addIfSet(parts, "moving average", regime.ema());
    if (regime.bf16()) {
      parts.add("bfloat16");
    }
    if (regime.joint()) {
      parts.add("all streams in one pass");
    }
    return parts.isEmpty() ? "plain" : String.join(", ", parts);
  }

  private static void addIfSet(List<String> parts, String name, double value) {
    if (value > 0) {
      parts.add(name + " " + number(value, 0));
    }
  }

  // ---- what trains, by group ----

  private void table(Phase phase) {
    Selection selection = Selection.of(phase, model);
    Map<String, List<Selected>> byGroup =
        selection.trained().stream()
            .collect(Collectors.groupingBy(each -> each.parameter().group()));
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("group", "parameters", "train", "share", "rate", "decay", "statistics"));
    for (Group group : model.groups()) {
      List<Selected> trained = byGroup.getOrDefault(group.name(), List.of());
      rows.add(
          row(
              group.name(),
              model.parameters().values().stream()
                  .filter(parameter -> parameter.group().equals(group.name()))
                  .toList(),
              trained,
              List.of(
                  rates(phase, trained), decays(phase, trained), statistics(group, selection))));
    }
    rows.add(
        row(
            "all",
            model.parameters().values(),
            selection.trained(),
            List.of(ABSENT, ABSENT, ABSENT)));
    print(rows);
  }

  private static List<String> row(
      String name, Collection<Parameter> parameters, List<Selected> trained, List<String> how) {
    long total = parameters.stream().mapToLong(Parameter::count).sum();
    long moving = trained.stream().mapToLong(each -> each.parameter().count()).sum();
    double share = total == 0 ? 0 : 100.0 * moving / total;
    List<String> row = new ArrayList<>();
    row.add(name);
    row.add(String.valueOf(total));
    row.add(String.valueOf(moving));
    row.add(format("%.1f%%", share));
    row.addAll(how);
    return row;
  }

  private static String rates(Phase phase, List<Selected> trained) {
    Settings settings = phase.optimizer().settings();
    double base = settings.has("lr") ? settings.number("lr") : 1;
    String range = range(trained.stream().map(each -> base * each.rate()).toList());
    return settings.has("lr") || range.equals(ABSENT) ? range : "x" + range;
  }

  private static String decays(Phase phase, List<Selected> trained) {
    Settings settings = phase.optimizer().settings();
    double own = settings.has("weight_decay") ? settings.number("weight_decay") : Double.NaN;
    return range(
        trained.stream()
            .map(each -> Double.isNaN(each.weightDecay()) ? own : each.weightDecay())
            .toList());
  }

  private static String range(List<Double> values) {
    TreeSet<Double> sorted = new TreeSet<>(values);
    sorted.remove(Double.NaN);
    if (sorted.isEmpty()) {
      return ABSENT;
    }
    String least = number(sorted.first(), 3);
    String most = number(sorted.last(), 3);
    return least.equals(most) ? least : least + " to " + most;
  }

  private String statistics(Group group, Selection selection) {
    List<String> norms =
        Selection.normalisations(model).keySet().stream()
            .filter(path -> model.groupOf(path).equals(group.name()))
            .toList();
    long moving = norms.stream().filter(selection.adapting()::contains).count();
    if (norms.isEmpty()) {
      return ABSENT;
    }
    if (moving == 0) {
      return "frozen";
    }
    return moving == norms.size() ? "adapt" : format("%d of %d adapt", moving, norms.size());
  }

  // ---- layout ----

  private void line(String name, String value) {
    text.append(format("%-10s %s%n", name, value));
  }

  private void print(List<List<String>> rows) {
    int columns = rows.get(0).size();
    int[] widths = new int[columns];
    for (List<String> row : rows) {
      for (int c = 0; c < columns; c++) {
        widths[c] = Math.max(widths[c], row.get(c).length());
      }
    }
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int c = 0; c < columns; c++) {
        String pad = " ".repeat(widths[c] - row.get(c).length());
        boolean left = c == 0 || c == columns - 1;
        line.append("  ").append(left ? row.get(c) + pad : pad + row.get(c));
      }
      text.append(line.toString().stripTrailing()).append('\n');
    }
  }

  private static String choice(Choice choice) {
    return choice(choice.id(), choice.settings());
  }

  private static String choice(String id, Settings settings) {
    String values =
        settings.values().entrySet().stream()
            .map(entry -> entry.getKey() + "=" + value(entry.getValue()))
            .collect(Collectors.joining(" "));
    return values.isEmpty() ? id : id + " " + values;
  }

  private static String value(Object value) {
    return value instanceof Double number ? number(number, 0) : String.valueOf(value);
  }

  /** A number without needless digits; {@code digits} significant ones, 0 for all. */
  private static String number(double value, int digits) {
    BigDecimal exact = BigDecimal.valueOf(value).round(new MathContext(digits));
    BigDecimal stripped = exact.stripTrailingZeros();
    boolean readable = value == 0 || (Math.abs(value) >= 1e-6 && Math.abs(value) < 1e9);
    return readable ? stripped.toPlainString() : stripped.toString();
  }

  /** Lines end in a line feed on every platform. */
  private static String format(String pattern, Object... values) {
    return String.format(Locale.ROOT, pattern.replace("%n", "\n"), values);
  }
}
