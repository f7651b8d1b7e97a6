package dev.graft.adapters.lowrank;

import dev.graft.spi.TransferMethod;
import dev.graft.testkit.contract.TransferMethodContract;

class C3aTest extends TransferMethodContract {

  @Override
  protected TransferMethod method() {
    return new C3a();
  }
}
