package dev.graft.adapters.lowrank;

import dev.graft.adapters.AdapterSet;
import dev.graft.plan.Setting;
import dev.graft.plan.Settings;
import dev.graft.plan.TermSpec;
import dev.graft.spi.About;
import dev.graft.spi.BoundTerm;
import dev.graft.spi.Run;
import dev.graft.spi.Step;
import dev.graft.spi.Term;
import dev.graft.tensor.Autograd;
import dev.graft.tensor.Scope;
import dev.graft.tensor.Tensor;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Shares out ranks (Zhang et al. 2023). Each triplet of a singular value and its two vectors has a
 * score: a moving average of |weight · gradient| times that of its deviation, summed over the value
 * and averaged over the vectors. The number of triplets that are kept, over all layers, falls by a
 * cubic from the initial one to the target; those with the lowest scores are masked, and may come
 * back. The loss is the distance of the bases from orthonormality.
 */
public final class AdaLoraTerm implements Term {

  /** Settings of the term, which the method passes on. */
  static final List<Setting> SETTINGS =
      List.of(
          Setting.integer("target_rank", 8, 1, 4096, "mean rank per layer at the end"),
          Setting.number("beta1", 0.85, 0, 0.9999, "memory of the sensitivities"),
          Setting.number("beta2", 0.85, 0, 0.9999, "memory of their deviations"),
          Setting.number("warmup", 0.1, 0, 0.9, "share of the updates before ranks fall"),
          Setting.number("final", 0.3, 0, 0.9, "share of the updates after which they stand"),
          Setting.integer("interval", 10, 1, 1 << 20, "updates between two allocations"));

  @Override
  public About about() {
    return AdaLora.ABOUT;
  }

  @Override
  public List<Setting> settings() {
    return SETTINGS;
  }

  @Override
  public BoundTerm bind(TermSpec spec, Run run) {
    List<AdaLoraAdapter> adapters = AdapterSet.of(run.model()).adapters(AdaLoraAdapter.class);
    if (adapters.isEmpty()) {
      throw new IllegalArgumentException(
          "term 'adalora' finds no adapter of method 'adalora' in the model; ask for the method");
    }
    return new Bound(spec.settings(), run, adapters);
  }

  private static final class Bound implements BoundTerm {

    private final Settings settings;
    private final Run run;
    private final List<AdaLoraAdapter> adapters;
    private final Map<String, Tensor> state = new LinkedHashMap<>();

    Bound(Settings settings, Run run, List<AdaLoraAdapter> adapters) {
      this.settings = settings;
      this.run = run;
      this.adapters = adapters;
      for (int i = 0; i < adapters.size(); i++) {
        for (Map.Entry<String, Tensor> each : adapters.get(i).parameters().entrySet()) {
          for (String slot : List.of("sensitivity", "deviation")) {
            state.put(key(i, each.getKey(), slot), Scope.release(each.getValue().zerosLike()));
          }
        }
      }
    }

    private static String key(int adapter, String parameter, String slot) {
      return adapter + "/" + parameter + "/" + slot;
    }

    @Override
    public Tensor loss(Step step) {
      Tensor sum = null;
      for (AdaLoraAdapter adapter : adapters) {
        Tensor each = adapter.orthogonality();
        sum = sum == null ? each : sum.add(each);
      }
      return sum.div(2.0 * adapters.size());
    }

    /** Follows how much the loss feels each element. */
    @Override
    public void afterBackward(Step step) {
      double beta1 = settings.number("beta1");
      double beta2 = settings.number("beta2");
      try (Scope scope = Scope.open();
          Autograd off = Autograd.off()) {
        for (int i = 0; i < adapters.size(); i++) {
          for (Map.Entry<String, Tensor> each : adapters.get(i).parameters().entrySet()) {
            if (!each.getValue().hasGrad()) {
              continue;
            }
            Tensor now = each.getValue().mul(each.getValue().grad()).abs();
            Tensor mean = state.get(key(i, each.getKey(), "sensitivity"));
            mean.lerpInPlace(now, 1 - beta1);
            state
                .get(key(i, each.getKey(), "deviation"))
                .lerpInPlace(now.sub(mean).abs(), 1 - beta2);
          }
        }
      }
    }

    @Override
    public void afterUpdate(Step step) {
      long total = run.totalUpdates();
      long begin = (long) (total * settings.number("warmup"));
      long end = Math.max(begin + 1, (long) (total * (1 - settings.number("final"))));
      boolean due = step.update() % settings.integer("interval") == 0 || step.update() == end;
      if (step.update() >= begin && step.update() <= end && due) {
        double left = 1 - (step.update() - begin) / (double) (end - begin);
        allocate(left * left * left);
      }
    }

    /** Keeps the best triplets; {@code share} of those between start and target, in [0, 1]. */
    private void allocate(double share) {
      long all = adapters.stream().mapToLong(adapter -> adapter.values.count()).sum();
      long target = Math.min(all, (long) settings.integer("target_rank") * adapters.size());
      long budget = target + Math.round((all - target) * share);
      try (Scope scope = Scope.open();
          Autograd off = Autograd.off()) {
        List<float[]> scores = new ArrayList<>();
        List<int[]> triplets = new ArrayList<>();
        for (int i = 0; i < adapters.size(); i++) {
          scores.add(scores(i));
          for (int j = 0; j < scores.get(i).length; j++) {
            triplets.add(new int[] {i, j});
          }
        }
        triplets.sort(Comparator.comparingDouble((int[] at) -> -scores.get(at[0])[at[1]]));
        List<float[]> masks = new ArrayList<>();
        scores.forEach(each -> masks.add(new float[each.length]));
        triplets.stream().limit(budget).forEach(at -> masks.get(at[0])[at[1]] = 1);
        for (int i = 0; i < adapters.size(); i++) {
          float[] mask = masks.get(i);
          adapters.get(i).mask.copyInPlace(Tensor.of(mask, mask.length, 1));
        }
      }
    }

    /** One score per triplet of an adapter. */
    private float[] scores(int adapter) {
      float[] value = score(adapter, "lora_E").reshape(-1).toFloats();
      float[] right = score(adapter, "lora_A").mean(false, 1).toFloats();
      float[] left = score(adapter, "lora_B").mean(false, 0).toFloats();
      for (int i = 0; i < value.length; i++) {
        value[i] += right[i] + left[i];
      }
      return value;
    }

    private Tensor score(int adapter, String parameter) {
      return state
          .get(key(adapter, parameter, "sensitivity"))
          .mul(state.get(key(adapter, parameter, "deviation")));
    }

    @Override
    public Map<String, Tensor> state() {
      return state;
    }

    @Override
    public void close() {
      state.values().forEach(Tensor::close);
    }
  }
}
