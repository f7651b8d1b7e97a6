package dev.graft.adapters.orthogonal;

import dev.graft.spi.TransferMethod;
import dev.graft.testkit.contract.TransferMethodContract;

class OftTest extends TransferMethodContract {

  @Override
  protected TransferMethod method() {
    return new Oft();
  }
}
