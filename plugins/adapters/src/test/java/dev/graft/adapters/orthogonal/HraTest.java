package dev.graft.adapters.orthogonal;

import dev.graft.spi.TransferMethod;
import dev.graft.testkit.contract.TransferMethodContract;

class HraTest extends TransferMethodContract {

  @Override
  protected TransferMethod method() {
    return new Hra();
  }
}
