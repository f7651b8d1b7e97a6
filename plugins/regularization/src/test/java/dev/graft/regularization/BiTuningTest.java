package dev.graft.regularization;

import dev.graft.spi.TransferMethod;
import dev.graft.testkit.contract.TransferMethodContract;

class BiTuningTest extends TransferMethodContract {

  @Override
  protected TransferMethod method() {
    return new BiTuning();
  }
}
