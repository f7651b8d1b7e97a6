package dev.graft.distillation.logits;

import dev.graft.plan.Settings;
import dev.graft.spi.TransferMethod;
import dev.graft.testkit.contract.TransferMethodContract;

class LogitStandardisationTest extends TransferMethodContract {

  @Override
  protected TransferMethod method() {
    return new LogitStandardisation();
  }

  /** At its own weights the labels count a ninetieth, so that their loss need not fall at once. */
  @Override
  protected Settings settings() {
    return Settings.of("weight", 1.0).with("task_weight", 1.0);
  }
}
