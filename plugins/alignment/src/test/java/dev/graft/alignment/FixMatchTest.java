package dev.graft.alignment;

import dev.graft.spi.TransferMethod;
import dev.graft.testkit.contract.TransferMethodContract;

class FixMatchTest extends TransferMethodContract {

  @Override
  protected TransferMethod method() {
    return new FixMatch();
  }
}
