package com.example.graft;

import dev.graft.spi.TransferMethod;
import dev.graft.testkit.contract.TransferMethodContract;

final class SurgicalFineTuningTest extends TransferMethodContract {

  @Override
  protected TransferMethod method() {
    return new SurgicalFineTuning();
  }
}
