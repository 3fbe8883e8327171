async def story():
    roles = [await Role.create(name=f"role {number}") for number in range(4)]
    members = [await Member.create(name=f"member {number}") for number in range(6)]
    for place, member in enumerate(members):
        await member.roles.add(roles[place % 4], roles[(place + 1) % 4])
        [role.name for role in await member.roles.all()]
    for role in roles:
        [member.name async for member in role.members]
        await role.members.all().count()
        await Member.filter(roles=role).exists()
    for member in await Member.all().prefetch_related("roles"):
        len(member.roles)
    for place, member in enumerate(members[:3]):
        await member.roles.remove(roles[place])
        await member.fetch_related("roles")
    await members[5].roles.clear()
    await Member.filter(roles__name="role 1").order_by("name").values_list("name", flat=True)
    await Role.filter(members__name="member 2").distinct().count()
    await Member.filter(name="member 0").update(name="first")
    await Member.get(name="first")
    await Member.get_or_none(name="nobody")
    await Member.all().delete()
    await Role.all().delete()
