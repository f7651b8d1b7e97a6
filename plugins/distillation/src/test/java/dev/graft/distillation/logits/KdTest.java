package dev.graft.distillation.logits;

import dev.graft.spi.TransferMethod;
import dev.graft.testkit.contract.TransferMethodContract;

class KdTest extends TransferMethodContract {

  @Override
  protected TransferMethod method() {
    return new Kd();
  }
}
