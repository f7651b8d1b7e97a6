package dev.graft.spi;

import dev.graft.model.Model;
import dev.graft.plan.Phase;
import dev.graft.plan.Plan;
import dev.graft.plan.Selection;
import dev.graft.plan.Setting;
import dev.graft.plan.Settings;
import dev.graft.plan.TermSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * An addition that puts one term, of its own id, into the phases of a plan: the usual form of
 * regularisation, distillation and alignment. A setting {@code weight} is the factor of the term;
 * all others are the term's settings.
 */
public abstract class TermMethod extends PhaseMethod {

  /** Key of the setting that is the factor of the term in the sum. */
  public static final String WEIGHT = "weight";

  /** A method with settings; the term of its id has the same, without the weight. */
  protected TermMethod(About about, List<Setting> settings) {
    super(about, settings);
  }

  /** The setting of the factor, with settings of the term. */
  protected static List<Setting> weighted(double weight, String help, List<Setting> own) {
    List<Setting> all = new ArrayList<>();
    all.add(Setting.number(WEIGHT, weight, 0, 1e6, help));
    all.addAll(own);
    return all;
  }

  /** The settings of the term: all but the weight, unless some are for the plan alone. */
  protected Settings termSettings(Settings all) {
    Map<String, Object> own = new TreeMap<>(all.values());
    own.remove(WEIGHT);
    return new Settings(own);
  }

  /** Changes a phase beyond the term, for example its streams. */
  protected Phase edit(Phase phase, Settings all, Subject subject) {
    return phase;
  }

  @Override
  protected final Phase added(Phase phase, Settings all, Subject subject) {
    double factor = all.has(WEIGHT) ? all.number(WEIGHT) : 1;
    TermSpec term = new TermSpec(about().id(), termSettings(all), factor, 0);
    return edit(phase, all, subject).plusTerm(term);
  }

  /** True if parameters in front of the head train that were pretrained. */
  protected static boolean movesPretrained(Phase phase, Plan plan, Subject subject) {
    Model model = subject.model();
    String head = model.groups().get(model.groups().size() - 1).name();
    return !plan.fromScratch()
        && Selection.of(phase, model).trained().stream()
            .anyMatch(selected -> !selected.parameter().group().equals(head));
  }

  /**
   * True if what enters the head can change: something in front of it trains, or surgery (adapters)
   * puts something there that does.
   */
  public static boolean movesFeatures(Phase phase, Plan plan, Subject subject) {
    Model model = subject.model();
    String head = model.groups().get(model.groups().size() - 1).name();
    return plan.surgery().size() > 1
        || Selection.of(phase, model).trained().stream()
            .anyMatch(selected -> !selected.parameter().group().equals(head));
  }
}
