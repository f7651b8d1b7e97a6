package dev.graft.freezing;

import dev.graft.plan.Settings;
import dev.graft.spi.TransferMethod;
import dev.graft.testkit.contract.TransferMethodContract;

class BnAdaptAffineTest extends TransferMethodContract {

  @Override
  protected TransferMethod method() {
    return new BnAdapt();
  }

  @Override
  protected Settings settings() {
    return Settings.of("adapt", "affine");
  }
}
