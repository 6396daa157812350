# SPDX-License-Identifier: Apache-2.0
"""Decides the addresses of the app accounts."""

from __future__ import annotations

from django.urls import path

from hearthline.accounts.views import changes, officers, own_account, signing_in

app_name = "accounts"
urlpatterns = [
    path("", own_account.account, name="account"),
    path("sign-in/", signing_in.sign_in, name="sign-in"),
    path("sign-in/code/", signing_in.sign_in_code, name="sign-in-code"),
    path("sign-out/", signing_in.sign_out, name="sign-out"),
    path("signed-out/", signing_in.signed_out, name="signed-out"),
    path("password/", own_account.password, name="password"),
    path("codes/", own_account.codes, name="codes"),
    path("codes/begin/", own_account.begin_codes, name="begin-codes"),
    path("codes/confirm/", own_account.confirm_codes, name="confirm-codes"),
    path("codes/remove/", own_account.remove_codes, name="remove-codes"),
    path("sign-ins/", own_account.sign_ins, name="sign-ins"),
    path("sign-ins/end/", own_account.end_other_sign_ins, name="end-other-sign-ins"),
    path("sign-ins/<int:pk>/end/", own_account.end_sign_in, name="end-sign-in"),
    path("language/", own_account.language, name="language"),
    path("officers/", officers.officers, name="officers"),
    path("officers/open/", officers.open_account, name="open-account"),
    path("officers/<int:pk>/", officers.officer, name="officer"),
    path("officers/<int:pk>/grant/", officers.grant_role, name="grant-role"),
    *(
        path(f"officers/<int:pk>/{change}/", changes.change_officer, {"change": change}, name=f"{change}-of")
        for change in changes.CHANGES
    ),
    path("grants/<int:pk>/withdraw/", changes.withdraw_grant, name="withdraw-grant"),
]
