package dev.graft.adapters.orthogonal;

import dev.graft.spi.TransferMethod;
import dev.graft.testkit.contract.TransferMethodContract;

class OutputOftTest extends TransferMethodContract {

  @Override
  protected TransferMethod method() {
    return new OutputOft();
  }
}
