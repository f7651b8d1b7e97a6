package dev.graft.freezing;

import dev.graft.layers.ParameterKind;
import dev.graft.model.Model;
import dev.graft.plan.Choice;
import dev.graft.plan.Length;
import dev.graft.plan.Phase;
import dev.graft.plan.Regime;
import dev.graft.plan.Selection;
import dev.graft.plan.Selector;
import dev.graft.plan.Setting;
import dev.graft.plan.Settings;
import dev.graft.plan.Stream;
import dev.graft.spi.Subject;
import java.util.ArrayList;
import java.util.List;

/**
 * How a method trains by gradient: the settings that all of them share, and the rules behind those
 * that are left to {@code auto}.
 *
 * <p>Networks with layer normalisation or embeddings train with AdamW (lr 0.001, decay 0.05,
 * gradient norm at most 1), all others with SGD and Nesterov's momentum 0.9 (lr 0.01 for batches of
 * 48, decay 0.0005). Rates follow a cosine after a warm-up over a tenth of the phase. A batch has
 * 32 examples, 16 where there are fewer than 200. A method says how many epochs are usual; where
 * that would be fewer than its least number of updates, there are more, up to five times the usual.
 *
 * @param optimizer with its settings, {@code lr} included
 * @param batch examples per update
 * @param epochs passes over the training part
 * @param augmentation id of a random path
 * @param regime how updates are computed
 */
record Recipe(Choice optimizer, int batch, int epochs, String augmentation, Regime regime) {

  /** Width of the encoders for which published rates are. */
  static final int WIDTH = 768;

  private static final String SGD = "sgd";
  static final String ADAMW = "adamw";

  /**
   * For a head that starts at random on pretrained features. Such features are long, so that the
   * rate for batches of 48 is at the edge of what is stable: with batches of 16 it drove every run
   * on 40 chest X-rays to chance.
   */
  static final SgdRate NEW_HEAD = new SgdRate(0.01, 48);

  /**
   * A learning rate of SGD.
   *
   * @param rate for batches of at least {@code batch} examples
   * @param batch with smaller batches the rate is smaller in proportion
   */
  record SgdRate(double rate, int batch) {

    double at(int examples) {
      return rate * Math.min(1, (double) examples / batch);
    }

    @Override
    public String toString() {
      return batch == 1 ? "" + rate : rate + " * min(1, batch / " + batch + ")";
    }
  }

  /**
   * A learning rate of AdamW.
   *
   * @param rate for a network of {@code width} features; the wider, the lower (Yang et al. 2022)
   * @param width 0: the rate is for any
   */
  record AdamRate(double rate, int width) {

    /** What proportion gives for very narrow networks is not gone beyond. */
    private static final double HIGHEST = 0.01;

    double at(long features) {
      return width == 0 ? rate : Math.min(HIGHEST, rate * width / features);
    }

    @Override
    public String toString() {
      return width == 0 ? "" + rate : "%s * %d / width, at most %s".formatted(rate, width, HIGHEST);
    }
  }

  /**
   * What a method asks for.
   *
   * @param sgdRate learning rate with SGD
   * @param adamRate learning rate with AdamW
   * @param epochs usual number of passes
   * @param wordEpochs usual number of passes of a transformer over words
   * @param updates least number of updates
   * @param adamUpdates least number of updates with AdamW
   */
  record Usual(
      SgdRate sgdRate,
      AdamRate adamRate,
      int epochs,
      int wordEpochs,
      int updates,
      int adamUpdates) {

    Usual(SgdRate sgdRate, double adamRate, int epochs, int updates) {
      this(sgdRate, new AdamRate(adamRate, 0), epochs, epochs, updates, updates);
    }

    /** With an AdamW rate that is for networks of a width. */
    Usual withAdamRateOf(int width) {
      AdamRate rate = new AdamRate(adamRate.rate, width);
      return new Usual(sgdRate, rate, epochs, wordEpochs, updates, adamUpdates);
    }

    /** With another usual number of passes of transformers over words. */
    Usual withWordEpochs(int value) {
      return new Usual(sgdRate, adamRate, epochs, value, updates, adamUpdates);
    }

    /** With another least number of updates with AdamW. */
    Usual withAdamUpdates(int value) {
      return new Usual(sgdRate, adamRate, epochs, wordEpochs, updates, value);
    }

    private String usualEpochs() {
      return wordEpochs == epochs
          ? "" + epochs
          : "%d, %d for transformers over words".formatted(epochs, wordEpochs);
    }

    private int mostEpochs() {
      return epochs * Subject.MOST_TIMES;
    }

    private String leastUpdates() {
      return updates == adamUpdates
          ? updates + " updates"
          : updates + " updates with sgd, " + adamUpdates + " with adamw";
    }

    /** The settings that {@link Recipe#of} reads, with help for these values. */
    List<Setting> settings(Setting... own) {
      List<Setting> all = new ArrayList<>(List.of(own));
      all.add(
          Setting.text(
              "optimizer",
              Setting.AUTO,
              List.of(Setting.AUTO, SGD, ADAMW),
              "auto: adamw for networks with layer normalisation or embeddings, and from scratch"
                  + " for those without any normalisation, else sgd"));
      all.add(
          Setting.auto(
              "lr",
              0,
              10,
              "learning rate; auto: %s with sgd, %s with adamw".formatted(sgdRate, adamRate)));
      all.add(
          Setting.auto(
              "weight_decay",
              0,
              1,
              "decay of weights, none on biases, norms and embeddings; auto: 0.0005 with sgd, 0.05"
                  + " with adamw"));
      all.add(
          Setting.auto(
              "epochs",
              1,
              10000,
              "passes over the training part; auto: %s, up to %d where that is fewer than %s"
                  .formatted(usualEpochs(), mostEpochs(), leastUpdates())));
      all.add(
          Setting.auto(
              "batch_size", 1, 4096, "examples per update; auto: 32, 16 for under 200 examples"));
      all.add(
          Setting.auto(
              "clip_norm",
              0,
              1e6,
              "bound on the norm of all gradients, 0 for none; auto: none with sgd, 1 with adamw"));
      all.add(
          Setting.text(
              "augmentation",
              Setting.AUTO,
              List.of(),
              "random path of the preprocessing, or none; auto: the usual one of the data"));
      all.add(
          Setting.flag(
              "bf16",
              false,
              "whether the forward pass computes in bfloat16; parameters, loss and updates do"
                  + " not"));
      return List.copyOf(all);
    }
  }

  /** The recipe of checked settings for a subject. */
  static Recipe of(Settings settings, Subject subject, Usual usual) {
    String id = settings.text("optimizer");
    boolean adam = id.equals(Setting.AUTO) ? wantsAdam(subject.model()) : id.equals(ADAMW);
    int batch = (int) settings.number("batch_size", subject.usualBatch());
    double adamRate = usual.adamRate.at(subject.model().featureCount());
    Choice optimizer =
        adam ? Choice.of(ADAMW) : Choice.of(SGD).with("momentum", 0.9).with("nesterov", true);
    optimizer =
        optimizer
            .with("lr", settings.number("lr", adam ? adamRate : usual.sgdRate.at(batch)))
            .with("weight_decay", settings.number("weight_decay", adam ? 0.05 : 5e-4));
    int least = adam ? usual.adamUpdates : usual.updates;
    int epochs = isOverWords(subject.model()) ? usual.wordEpochs : usual.epochs;
    String augmentation = settings.text("augmentation");
    return new Recipe(
        optimizer,
        batch,
        (int) settings.number("epochs", subject.passes(epochs, least, usual.mostEpochs(), batch)),
        augmentation.equals(Setting.AUTO) ? subject.augmentation() : augmentation,
        Regime.PLAIN
            .withClipNorm(settings.number("clip_norm", adam ? 1 : 0))
            .withBf16(settings.flag("bf16")));
  }

  private static boolean wantsAdam(Model model) {
    return model.embeds() || hasOtherNormalisation(model);
  }

  /** Embeddings and a normalisation as transformers have: those learn few texts by heart soon. */
  private static boolean isOverWords(Model model) {
    return model.embeds() && hasOtherNormalisation(model);
  }

  /** True if the optimizer is AdamW. */
  boolean isAdam() {
    return optimizer.id().equals(ADAMW);
  }

  /** Whether a network has a normalisation of any kind. */
  static boolean isNormalised(Model model) {
    return !Selection.normalisations(model).isEmpty() || hasOtherNormalisation(model);
  }

  /** True if there is a normalisation that keeps no statistics, as transformers have. */
  private static boolean hasOtherNormalisation(Model model) {
    var withStatistics = Selection.normalisations(model).keySet();
    return model.parameters().values().stream()
        .filter(parameter -> parameter.kind() == ParameterKind.NORM_WEIGHT)
        .map(parameter -> parameter.name().substring(0, parameter.name().lastIndexOf('.')))
        .anyMatch(path -> !withStatistics.contains(path));
  }

  /** A phase of this recipe. */
  Phase phase(String name, List<Selector> selectors) {
    return Phase.of(name, selectors, Stream.training(batch, augmentation), optimizer)
        .withSchedule(Choice.of("cosine").with("warmup", 0.1))
        .withLength(Length.epochs(epochs))
        .withRegime(regime);
  }

  /** With another number of epochs. */
  Recipe withEpochs(int value) {
    return new Recipe(optimizer, batch, value, augmentation, regime);
  }

  /** With the learning rate times a factor. */
  Recipe scaled(double factor) {
    double rate = optimizer.settings().number("lr") * factor;
    return new Recipe(optimizer.with("lr", rate), batch, epochs, augmentation, regime);
  }
}
