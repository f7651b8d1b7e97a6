package dev.graft.distillation.relations;

import dev.graft.plan.Settings;
import dev.graft.spi.TransferMethod;
import dev.graft.testkit.contract.TransferMethodContract;

class PktTest extends TransferMethodContract {

  @Override
  protected TransferMethod method() {
    return new Pkt();
  }

  /** Its own weight suits batches of 64, and would drown the labels in batches of a few. */
  @Override
  protected Settings settings() {
    return Settings.of("weight", 100.0);
  }
}
