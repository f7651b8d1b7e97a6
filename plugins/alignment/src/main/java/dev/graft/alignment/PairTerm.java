package dev.graft.alignment;

import dev.graft.model.OwnLayers;
import dev.graft.model.Parameter;
import dev.graft.plan.Stream;
import dev.graft.spi.BoundTerm;
import dev.graft.spi.Run;
import dev.graft.spi.Step;
import dev.graft.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A term over a batch of each domain, with layers of its own where it needs some. */
final class PairTerm implements BoundTerm {

  /** A loss over both domains. */
  interface Loss {

    /**
     * The loss of a micro-batch.
     *
     * @param source labelled examples
     * @param target examples without labels
     * @param progress share of the phase that is done, from 0 to 1
     */
    Tensor of(Step.Part source, Step.Part target, double progress);
  }

  private final int target;
  private final long total;
  private final List<String> taps;
  private final Optional<OwnLayers> own;
  private final Loss loss;

  private PairTerm(Run run, List<String> taps, Optional<OwnLayers> own, Loss loss) {
    List<String> data = run.phase().streams().stream().map(Stream::data).toList();
    this.target = data.indexOf(Alignment.UNLABELLED);
    if (target < 0) {
      throw new IllegalArgumentException(
          "phase '%s' has no stream 'unlabelled'; it has %s".formatted(run.phase().name(), data));
    }
    this.total = Math.max(1, run.totalUpdates());
    this.taps = taps;
    this.own = own;
    this.loss = loss;
  }

  /** A term on predictions. */
  static PairTerm onPredictions(Run run, Loss loss) {
    return new PairTerm(run, List.of(), Optional.empty(), loss);
  }

  /** A term on the outputs of modules. */
  static PairTerm onTaps(Run run, List<String> taps, Loss loss) {
    return new PairTerm(run, taps, Optional.empty(), loss);
  }

  /** A term on features, and predictions if it likes. */
  static PairTerm onFeatures(Run run, Loss loss) {
    return new PairTerm(run, List.of(Needs.FEATURES), Optional.empty(), loss);
  }

  /** A term on features with layers that train with the model. */
  static PairTerm onFeatures(Run run, OwnLayers own, Loss loss) {
    return new PairTerm(run, List.of(Needs.FEATURES), Optional.of(own), loss);
  }

  @Override
  public Needs needs() {
    return new Needs(taps, /* inputs= */ false, /* inputGradient= */ false);
  }

  @Override
  public Tensor loss(Step step) {
    return loss.of(step.first(), step.batches().get(target), step.update() / (double) total);
  }

  @Override
  public List<Parameter> parameters() {
    return own.map(OwnLayers::parameters).orElse(List.of());
  }

  @Override
  public Map<String, Tensor> state() {
    return own.map(OwnLayers::state).orElse(Map.of());
  }

  @Override
  public void close() {
    own.ifPresent(OwnLayers::close);
  }
}
