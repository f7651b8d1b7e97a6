package dev.graft.adapters.lowrank;

import dev.graft.adapters.AdapterKind;
import dev.graft.adapters.AdapterMethod;
import dev.graft.adapters.AdapterSurgery;
import dev.graft.layers.ParameterKind;
import dev.graft.plan.Selector;
import dev.graft.plan.Setting;
import dev.graft.plan.Settings;
import dev.graft.spi.About;
import java.util.List;

/** LoRA whose second factor learns faster than its first. */
public final class LoraPlus extends AdapterMethod {

  /** Its adapters. */
  public static final AdapterKind KIND =
      new AdapterKind(
          new About(
              "lora-plus",
              "LoRA with a higher learning rate for B than for A",
              "Hayou et al. 2024, arXiv:2402.12354"),
          AdapterKind.Site.PROJECTIONS,
          LoraAdapter.settings(8, 8),
          Lora.KIND.maker(),
          Lora.KIND.peft());

  /** Makes the method. */
  public LoraPlus() {
    super(KIND, 2e-4);
  }

  @Override
  protected List<Setting> extra() {
    return List.of(
        Setting.number("ratio", 16, 1, 1000, "learning rate of B over that of A, which is lr"));
  }

  @Override
  protected List<Selector> adapters(Settings settings) {
    List<ParameterKind> kinds = List.of(ParameterKind.ADAPTER);
    double ratio = settings.number("ratio");
    String b = ".*\\.lora_(embedding_)?B\\..*";
    return List.of(new Selector(List.of(), b, kinds, ratio, Double.NaN), Selector.kinds(kinds, 1));
  }

  /** Puts the adapters into a network. */
  public static final class Surgery extends AdapterSurgery {

    /** Makes the surgery. */
    public Surgery() {
      super(KIND);
    }
  }
}
