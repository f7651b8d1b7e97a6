package dev.graft.distillation.relations;

import dev.graft.spi.TransferMethod;
import dev.graft.testkit.contract.TransferMethodContract;

class CcTest extends TransferMethodContract {

  @Override
  protected TransferMethod method() {
    return new Cc();
  }
}
