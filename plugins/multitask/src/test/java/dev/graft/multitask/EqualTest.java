package dev.graft.multitask;

import dev.graft.spi.TransferMethod;
import dev.graft.testkit.contract.TransferMethodContract;
import dev.graft.testkit.tiny.TinyTransfer;

class EqualTest extends TransferMethodContract {

  @Override
  protected TransferMethod method() {
    return new Equal();
  }

  @Override
  protected TinyTransfer transfer() {
    return TwoMore.pictures();
  }
}
