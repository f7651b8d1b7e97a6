package dev.graft.adapters;

import dev.graft.layers.ParameterKind;
import dev.graft.model.Model;
import dev.graft.plan.Choice;
import dev.graft.plan.Length;
import dev.graft.plan.Phase;
import dev.graft.plan.Regime;
import dev.graft.plan.Selector;
import dev.graft.plan.Setting;
import dev.graft.plan.Settings;
import dev.graft.plan.Stream;
import dev.graft.spi.Subject;
import java.util.ArrayList;
import java.util.List;

/**
 * How adapters train: AdamW with a cosine after a warm-up over a tenth of the phase, gradients of
 * norm at most 1, no decay on adapters. The new head has a rate of its own.
 *
 * @param optimizer with its settings
 * @param headRate rate of the head over that of the adapters
 * @param batch examples per update
 * @param epochs passes over the training part
 * @param augmentation id of a random path
 */
record AdapterRecipe(
    Choice optimizer, double headRate, int batch, int epochs, String augmentation) {

  private static final int USUAL_EPOCHS = 15;
  private static final int MOST_EPOCHS = USUAL_EPOCHS * Subject.MOST_TIMES;
  private static final int LEAST_UPDATES = 200;

  /**
   * Texts need more: with 200 updates LoRA on an encoder with 32 examples of each class was 10
   * points below what it reached with 600. Hu et al. 2022 made 30 to 80 passes over small sets.
   */
  private static final int LEAST_ON_TEXTS = 600;

  /**
   * What a method asks for.
   *
   * @param rate learning rate of its adapters
   */
  record Usual(double rate) {

    /** The settings that {@link AdapterRecipe#of} reads. */
    List<Setting> settings() {
      return List.of(
          Setting.number("lr", rate, 1e-8, 10, "learning rate of the adapters"),
          Setting.number("head_lr", 1e-3, 0, 10, "learning rate of the new head"),
          Setting.number("weight_decay", 0, 0, 1, "decay of the adapters and of the head's weight"),
          Setting.auto(
              "epochs",
              1,
              10000,
              ("passes over the training part; auto: %d, up to %d where that is fewer than %d"
                      + " updates, %d on texts")
                  .formatted(USUAL_EPOCHS, MOST_EPOCHS, LEAST_UPDATES, LEAST_ON_TEXTS)),
          Setting.auto(
              "batch_size", 1, 4096, "examples per update; auto: 32, 16 for under 200 examples"),
          Setting.text(
              "augmentation",
              Setting.AUTO,
              List.of(),
              "random path of the preprocessing, or none; auto: the usual one of the data"));
    }
  }

  /** The recipe of checked settings for a subject. */
  static AdapterRecipe of(Settings settings, Subject subject) {
    double rate = settings.number("lr");
    Choice optimizer =
        Choice.of("adamw").with("lr", rate).with("weight_decay", settings.number("weight_decay"));
    int batch = (int) settings.number("batch_size", subject.usualBatch());
    int least = subject.model().embeds() ? LEAST_ON_TEXTS : LEAST_UPDATES;
    String augmentation = settings.text("augmentation");
    return new AdapterRecipe(
        optimizer,
        settings.number("head_lr") / rate,
        batch,
        (int) settings.number("epochs", subject.passes(USUAL_EPOCHS, least, MOST_EPOCHS, batch)),
        augmentation.equals(Setting.AUTO) ? subject.augmentation() : augmentation);
  }

  /** A phase that trains the head and what the selectors pick. */
  Phase phase(String name, Model model, List<Selector> adapters) {
    List<String> head = List.of(model.groups().get(model.groups().size() - 1).name());
    List<ParameterKind> undecayed =
        List.of(ParameterKind.BIAS, ParameterKind.NORM_WEIGHT, ParameterKind.NORM_BIAS);
    List<Selector> selectors = new ArrayList<>();
    selectors.add(new Selector(head, "", undecayed, headRate, 0));
    selectors.add(Selector.groups(head, headRate));
    selectors.addAll(adapters);
    return Phase.of(name, selectors, Stream.training(batch, augmentation), optimizer)
        .withSchedule(Choice.of("cosine").with("warmup", 0.1))
        .withLength(Length.epochs(epochs))
        .withRegime(Regime.PLAIN.withClipNorm(1));
  }
}
