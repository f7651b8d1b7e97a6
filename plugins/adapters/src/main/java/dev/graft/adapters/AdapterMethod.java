package dev.graft.adapters;

import dev.graft.layers.ParameterKind;
import dev.graft.model.HeadInput;
import dev.graft.plan.Choice;
import dev.graft.plan.Phase;
import dev.graft.plan.Plan;
import dev.graft.plan.Selector;
import dev.graft.plan.Setting;
import dev.graft.plan.Settings;
import dev.graft.spi.About;
import dev.graft.spi.Subject;
import dev.graft.spi.TransferMethod;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A method that trains adapters of one kind and the new head; all else is frozen. */
public abstract class AdapterMethod implements TransferMethod {

  private final AdapterKind kind;
  private final AdapterRecipe.Usual usual;

  /**
   * The method of a kind.
   *
   * @param learningRate of the adapters, its default
   */
  protected AdapterMethod(AdapterKind kind, double learningRate) {
    this.kind = kind;
    this.usual = new AdapterRecipe.Usual(learningRate);
  }

  @Override
  public final About about() {
    return kind.about();
  }

  @Override
  public final Role role() {
    return Role.STRATEGY;
  }

  @Override
  public final List<Setting> settings() {
    List<Setting> all = new ArrayList<>(kind.settings());
    all.addAll(extra());
    all.addAll(usual.settings());
    return all;
  }

  /** Settings of the method that shape training, not the adapter. */
  protected List<Setting> extra() {
    return List.of();
  }

  /** What trains beside the head, at which rate relative to the adapters' learning rate. */
  protected List<Selector> adapters(Settings settings) {
    return List.of(Selector.kinds(List.of(ParameterKind.ADAPTER), 1));
  }

  /** The plan once more, for a method that adds terms. */
  protected Plan finish(Plan plan, Settings settings) {
    return plan;
  }

  @Override
  public final Plan contribute(Plan plan, Settings settings, Subject subject) {
    refusePositions(subject);
    List<String> targets = Targets.find(subject.model(), kind, settings);
    Targets.refuseTied(subject.model(), about().id(), targets);
    Plan made =
        plan.plusSurgery(new Choice(about().id(), structure(settings)))
            .withPhases(List.of(phase(about().id(), settings, subject, adapters(settings))));
    return finish(made, settings);
  }

  /** Refuses to move the positions that a head reads one by one, or words that are yet to come. */
  private void refusePositions(Subject subject) {
    if (kind.site().lengthens() && subject.task().headInput() != HeadInput.EXAMPLE) {
      throw new IllegalArgumentException(
          ("method '%s': the task is %s, whose head reads every position, and tokens that are added"
                  + " would move them; it is for tasks with one vector for each example, such as"
                  + " classification; use prefix-tuning or lora here")
              .formatted(about().id(), subject.task().id()));
    }
  }

  /** The settings that {@link #phase} reads, for methods that train something without surgery. */
  public static List<Setting> recipe(double learningRate) {
    return new AdapterRecipe.Usual(learningRate).settings();
  }

  /**
   * The phase that trains the head and what the selectors pick, as all methods here train.
   *
   * @param selectors rates relative to the setting {@code lr}
   */
  public static Phase phase(
      String name, Settings settings, Subject subject, List<Selector> selectors) {
    return AdapterRecipe.of(settings, subject).phase(name, subject.model(), selectors);
  }

  private Settings structure(Settings settings) {
    Map<String, Object> values = new TreeMap<>();
    for (Setting setting : kind.settings()) {
      values.put(setting.key(), settings.values().get(setting.key()));
    }
    return new Settings(values);
  }
}
