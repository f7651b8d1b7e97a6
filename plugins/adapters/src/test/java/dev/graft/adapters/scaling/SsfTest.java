package dev.graft.adapters.scaling;

import dev.graft.spi.TransferMethod;
import dev.graft.testkit.contract.TransferMethodContract;

class SsfTest extends TransferMethodContract {

  @Override
  protected TransferMethod method() {
    return new Ssf();
  }
}
