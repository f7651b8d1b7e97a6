package dev.graft.freezing;

import dev.graft.plan.Settings;
import dev.graft.spi.TransferMethod;
import dev.graft.testkit.contract.TransferMethodContract;

class LinearProbingGradientTest extends TransferMethodContract {

  @Override
  protected TransferMethod method() {
    return new LinearProbing();
  }

  @Override
  protected Settings settings() {
    return Settings.of("solver", "gradient");
  }
}
