package dev.graft.server.jobs;

import dev.graft.task.Figure;
import java.util.Comparator;
import java.util.Optional;

/**
 * How a base did in a ranking.
 *
 * @param base its name
 * @param figure by which bases are compared; empty where it could not be tried
 * @param value of the figure on the validation part; NaN where it could not be tried
 * @param problem why it could not be tried; empty otherwise
 */
public record RankedBase(String base, Optional<Figure> figure, double value, String problem) {

  /** Those that could not be tried come last; all others have figures of one kind. */
  static final Comparator<RankedBase> BEST_FIRST =
      Comparator.comparing((RankedBase each) -> each.figure.isEmpty())
          .thenComparingDouble(RankedBase::badness);

  static RankedBase failed(String base, String problem) {
    return new RankedBase(base, Optional.empty(), Double.NaN, problem);
  }

  private double badness() {
    return figure.isPresent() && figure.get().higherIsBetter() ? -value : value;
  }
}
