package dev.graft.adapters.lowrank;

import dev.graft.adapters.DeltaAdapter;
import dev.graft.adapters.Host;
import dev.graft.plan.Setting;
import dev.graft.plan.Settings;
import dev.graft.tensor.Tensor;
import java.util.List;

/**
 * Matrix shard sharing (Kang and Yin 2024): one block (r, rows) stands for every stretch of r
 * columns, so that inputs are summed by their position in a stretch first.
 */
final class ShardAdapter extends DeltaAdapter {

  /** Settings of this form. */
  static final List<Setting> SETTINGS =
      List.of(Setting.integer("rank", 64, 1, 4096, "columns that have values of their own"));

  private final Tensor block;
  private final Tensor order;

  ShardAdapter(Host host, Settings settings, String name) {
    super(host);
    int rank = (int) Math.min(settings.integer("rank"), host.columns());
    block = parameter(name, Tensor.zeros(rank, host.rows()));
    long[] index = new long[(int) host.columns()];
    for (int i = 0; i < index.length; i++) {
      index[i] = i % rank;
    }
    order = buffer("shard_order", Tensor.of(index, index.length));
  }

  @Override
  protected Tensor delta() {
    return block.indexSelect(0, order).transpose(0, 1);
  }
}
