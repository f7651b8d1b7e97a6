package dev.graft.distillation.logits;

import dev.graft.spi.TransferMethod;
import dev.graft.testkit.contract.TransferMethodContract;

class DkdTest extends TransferMethodContract {

  @Override
  protected TransferMethod method() {
    return new Dkd();
  }
}
