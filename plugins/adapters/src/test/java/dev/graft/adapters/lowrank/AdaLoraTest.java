package dev.graft.adapters.lowrank;

import dev.graft.spi.TransferMethod;
import dev.graft.testkit.contract.TransferMethodContract;

class AdaLoraTest extends TransferMethodContract {

  @Override
  protected TransferMethod method() {
    return new AdaLora();
  }
}
