package dev.graft.alignment;

import dev.graft.spi.TransferMethod;
import dev.graft.testkit.contract.TransferMethodContract;

class JanTest extends TransferMethodContract {

  @Override
  protected TransferMethod method() {
    return new Jan();
  }
}
