package dev.graft.regularization;

import dev.graft.spi.TransferMethod;
import dev.graft.testkit.contract.TransferMethodContract;

class L2SpTest extends TransferMethodContract {

  @Override
  protected TransferMethod method() {
    return new L2Sp();
  }
}
